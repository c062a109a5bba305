using ExtShell.Engine.IO;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ExtShell.Repl.Display;

/// <summary>Protocols: one aspect by aspect, many as a table.</summary>
internal static class ProtocolPictures
{
    public static IRenderable Of(IReadOnlyList<ProtocolDescription> protocols)
    {
        Table table = Pictures.NewTable().AddColumn("Name").AddColumn("Summary").AddColumn("Switches");
        table.ShowRowSeparators = true;
        foreach (ProtocolDescription protocol in protocols)
            table.AddRow(
                new Text(protocol.Name, Colours.Title),
                new Text(protocol.Summary),
                new Text(string.Join('\n', protocol.Switches.Select(known => known.Name)), Colours.Dim));
        return table;
    }

    public static IRenderable Of(IReadOnlyList<ProtocolDifference> differences)
    {
        Table table = Pictures.NewTable().AddColumn("Aspect").AddColumn("The one").AddColumn("The other");
        table.ShowRowSeparators = true;
        foreach (ProtocolDifference difference in differences)
            table.AddRow(new Text(difference.Aspect, Colours.Title), new Text(difference.Left), new Text(difference.Right));
        return table;
    }

    public static IRenderable Of(ProtocolDescription protocol)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach ((string aspect, string text) in Aspects(protocol).Where(aspect => aspect.Text.Length > 0))
            grid.AddRow(Pictures.Dim(aspect), new Text(text));
        var switches = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (ProtocolSwitch known in protocol.Switches)
            switches.AddRow(new Text("  " + known.Name, Colours.Warning), new Text(known.Summary));
        return new Rows(
            new Text(protocol.ToString(), Colours.Title), grid, new Text("switches: defects that can be turned on", Colours.Dim), switches);
    }

    private static (string Aspect, string Text)[] Aspects(ProtocolDescription protocol) =>
    [
        ("history", protocol.History),
        ("locks", protocol.Locks),
        ("order", protocol.Order),
        ("allocation", protocol.Allocation),
        ("sizes", protocol.Sizes),
        ("acknowledgement", protocol.Acknowledgement),
        ("in flight", protocol.InFlightCount),
        ("fallback", protocol.Fallback),
        ("guarantees", protocol.Guarantees),
        ("windows", string.Join('\n', protocol.Windows)),
        ("alternatives", string.Join('\n', protocol.Alternatives)),
    ];
}
