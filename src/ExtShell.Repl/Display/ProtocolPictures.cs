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
        Table table = Pictures.NewTable().AddColumn("Aspect").AddColumn(differences[0].LeftName).AddColumn(differences[0].RightName);
        table.ShowRowSeparators = true;
        foreach (ProtocolDifference difference in differences)
            table.AddRow(new Text(difference.Aspect, Colours.Title), new Text(difference.Left), new Text(difference.Right));
        return table;
    }

    public static IRenderable Of(ProtocolDescription protocol)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach ((string aspect, string text) in protocol.GetAspects())
            grid.AddRow(Pictures.Dim(aspect), new Text(text, aspect == nameof(protocol.Switches) ? Colours.Warning : Style.Plain));
        return new Rows(new Text(protocol.Name, Colours.Title), grid);
    }
}
