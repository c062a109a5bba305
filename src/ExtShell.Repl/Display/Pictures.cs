using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using ExtShell.Check;
using ExtShell.Engine.IO;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Looking;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;
using ExtShell.Scripting.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ExtShell.Repl.Display;

/// <summary>Values as a terminal shows them: tables, trees, maps, timelines.</summary>
internal static class Pictures
{
    private const int MostRows = 100;
    private const int MostDumpRows = 16;

    /// <summary>What shows the value.</summary>
    public static IRenderable Of(object? value) => value switch
    {
        null => Dim("null"),
        string text => new Text(text),
        byte[] bytes => Dump(bytes),
        FileMap map => MapPicture.Of(map),
        FileHandle file => OfFile(file),
        IReadOnlyList<BlockMapping> { Count: > 0 } extents => new Rows(MapPicture.Of(new FileMap(extents, 4096, null)), OfItems(extents)),
        Story story => StoryPicture.Of(story),
        CrashReport report => ReportPictures.Of(report),
        CrashFinding finding => ReportPictures.Of(finding),
        CheckReport report => ReportPictures.Of(report),
        ScheduleReport report => SchedulePictures.Of(report),
        ScheduleFinding finding => SchedulePictures.Of(finding),
        ScheduleStory story => SchedulePictures.Of(story),
        ProtocolDescription protocol => ProtocolPictures.Of(protocol),
        IReadOnlyList<ProtocolDifference> { Count: > 0 } differences => ProtocolPictures.Of(differences),
        IReadOnlyList<ProtocolDescription> { Count: > 0 } protocols => ProtocolPictures.Of(protocols),
        Volume volume => TreePictures.Of(volume),
        VolumeTree tree => TreePictures.Of(tree),
        PowerCut cut => new Rows(
            new Text(cut.ToString()),
            Dim("Oldest(), Newest() and Sample(seed) choose a disk; OpenVolume(_.Oldest()) mounts it, to look around")),
        InodeView or SuperBlockView => OfProperties(value),
        _ when Values.IsScalar(value) => new Text(Values.Word(value), Colours.OfValue(value)),
        IDictionary entries => OfEntries(entries),
        IEnumerable items => OfItems(items),
        _ when Values.HasOwnText(value.GetType()) => new Text(value.ToString() ?? ""),
        _ => OfProperties(value),
    };

    private static Rows OfFile(FileHandle file)
    {
        var title = new Text(file.ToString(), Colours.Title);
        if (!file.IsOpen || !file.Volume.IsMounted)
            return new Rows(title);
        InodeStatus status = file.Stat();
        string line = string.Create(
            CultureInfo.InvariantCulture, $"inode {status.Inode}, {status.SizeBytes:N0} bytes, {status.AllocatedBytes:N0} allocated");
        return new Rows(title, new Text(line), MapPicture.Of(FileMap.Of(file)));
    }

    private static IRenderable OfItems(IEnumerable items)
    {
        var list = new List<object?>();
        bool isMore = false;
        foreach (object? item in items)
        {
            isMore = list.Count == MostRows;
            if (isMore)
                break;
            list.Add(item);
        }

        if (list.Count == 0)
            return Dim("nothing");
        IReadOnlyList<PropertyInfo> columns = Columns(list);
        IRenderable shown = columns.Count == 0 ? new Rows(list.Select(OfItem)) : Table(list, columns);
        return isMore ? new Rows(shown, Dim($"… the first {MostRows}; there are more")) : shown;
    }

    private static IRenderable OfItem(object? item) =>
        Values.IsScalar(item) || item is IEnumerable ? new Text(Values.Word(item), Colours.OfValue(item)) : Of(item);

    /// <summary>The properties of items of one type, if a table is what shows them: none for words, texts and mixtures.</summary>
    private static List<PropertyInfo> Columns(List<object?> items)
    {
        Type? type = items[0]?.GetType();
        if (type is null || Values.IsScalar(items[0]) || items.Any(item => item?.GetType() != type) || items[0] is IEnumerable or Story)
            return [];
        List<PropertyInfo> all = [.. Values.Properties(type).Where(property => property.Name != "EqualityContract")];
        return all.Any(property => Values.IsScalarType(property.PropertyType))
            ? [.. all.Where(property => !typeof(Delegate).IsAssignableFrom(property.PropertyType)).Take(8)]
            : [];
    }

    private static Table Table(List<object?> items, IReadOnlyList<PropertyInfo> columns)
    {
        Table table = NewTable();
        foreach (PropertyInfo column in columns)
        {
            Justify side = IsNumber(column.PropertyType) ? Justify.Right : Justify.Left;
            table.AddColumn(new TableColumn(new Text(column.Name, Colours.Title)) { Alignment = side });
        }

        foreach (object? item in items)
            table.AddRow(columns.Select(column => Cell(Values.ReadForPeople(column, item!))));
        return table;
    }

    private static Table OfEntries(IDictionary entries)
    {
        Table table = NewTable().AddColumn("Key").AddColumn("Value");
        foreach (DictionaryEntry entry in entries)
            table.AddRow(Cell(entry.Key), Cell(entry.Value));
        return table;
    }

    private static Rows OfProperties(object value)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (PropertyInfo property in Values.Properties(value.GetType()))
            grid.AddRow(Dim(property.Name), Cell(Values.ReadForPeople(property, value)));
        return new Rows(new Text(value.GetType().Name, Colours.Title), grid);
    }

    /// <summary>A table as all are: rounded, no wider than it must be.</summary>
    public static Table NewTable() => new Table { Border = TableBorder.Rounded, BorderStyle = Colours.Dim };

    /// <summary>Text that is not the point.</summary>
    public static Text Dim(string text) => new(text, Colours.Dim);

    private static Text Cell(object? value)
    {
        bool isWhole = value is int or long or uint or ulong or BigInteger;
        return new Text(isWhole ? string.Create(CultureInfo.InvariantCulture, $"{value:N0}") : Values.Word(value), Colours.OfValue(value));
    }

    private static bool IsNumber(Type type) => Values.IsScalarType(type) && type != typeof(string) && type != typeof(bool) && !type.IsEnum;

    private static Rows Dump(byte[] bytes)
    {
        var rows = new List<IRenderable> { Dim(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length:N0} bytes")) };
        string last = "";
        bool isRepeated = false;
        for (int at = 0; at < bytes.Length && rows.Count <= MostDumpRows; at += 16)
        {
            ReadOnlySpan<byte> line = bytes.AsSpan(at, Math.Min(16, bytes.Length - at));
            string hex = Convert.ToHexString(line);
            if (hex == last)
            {
                if (!isRepeated)
                    rows.Add(Dim("*"));
                isRepeated = true;
                continue;
            }

            (last, isRepeated) = (hex, false);
            string spaced = string.Join(' ', Enumerable.Range(0, line.Length).Select(i => hex.Substring(2 * i, 2)));
            string text = string.Concat(line.ToArray().Select(code => code is >= 0x20 and < 0x7f ? (char)code : '·'));
            rows.Add(new Text($"{at:x8}  {spaced,-47}  {text}"));
        }

        return new Rows(rows);
    }
}
