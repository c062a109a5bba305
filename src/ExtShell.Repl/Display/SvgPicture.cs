using System.Globalization;
using System.Security;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ExtShell.Repl.Display;

/// <summary>What a terminal would show, as an SVG: for documents and web pages.</summary>
/// <remarks>
/// The same picture gives the same bytes on every machine. Each run of letters is stretched to its cells, so that columns stand under each
/// other in whatever monospaced font there is.
/// </remarks>
internal static class SvgPicture
{
    /// <summary>Columns of the terminal that is drawn; what is narrower makes a narrower picture.</summary>
    public const int Columns = 110;

    private const double CellWidth = 8.4;
    private const int CellHeight = 19;
    private const int Margin = 16;
    private const int Baseline = 14;
    private const string Ground = "#16181d";
    private const string Plain = "#d7dae0";
    private const string Faint = "#8b909c";

    private static readonly Dictionary<Color, string> Palette = new()
    {
        [Color.Black] = Ground,
        [Color.White] = "#ffffff",
        [Color.Green] = "#8fcf6f",
        [Color.Yellow] = "#e5c05a",
        [Color.Blue] = "#6ca7f0",
        [Color.Red] = "#f0686c",
        [Color.Teal] = "#56b6c2",
        [Color.Aqua] = "#7fd7e0",
    };

    public static string Of(IRenderable picture)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Out = new AnsiConsoleOutput(TextWriter.Null),
        });
        console.Profile.Capabilities.Unicode = true;
        IEnumerable<Segment> segments = picture.Render(RenderOptions.Create(console, console.Profile.Capabilities), Columns);
        List<SegmentLine> lines = Segment.SplitLines(segments);
        while (lines.Count > 0 && lines[^1].All(segment => string.IsNullOrWhiteSpace(segment.Text)))
            lines.RemoveAt(lines.Count - 1);
        int columns = lines.Count == 0 ? 0 : lines.Max(line => UsedCells(line));
        string width = Number((columns * CellWidth) + (2 * Margin));
        int height = (lines.Count * CellHeight) + (2 * Margin);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\"");
        svg.Append(CultureInfo.InvariantCulture, $" viewBox=\"0 0 {width} {height}\" font-size=\"14\"");
        svg.Append(" font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\">\n");
        svg.Append($"<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{Ground}\"/>\n");
        for (int row = 0; row < lines.Count; row++)
            AppendLine(svg, lines[row], Margin + (row * CellHeight));
        return svg.Append("</svg>\n").ToString();
    }

    private static void AppendLine(StringBuilder svg, SegmentLine line, int top)
    {
        int column = 0;
        foreach (Segment segment in Runs(line))
        {
            int cells = segment.CellCount();
            if (segment.Style.Background != Color.Default)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left(column)}\" y=\"{top}\" width=\"{Number(cells * CellWidth)}\"");
                svg.Append(CultureInfo.InvariantCulture, $" height=\"{CellHeight}\" fill=\"{Hex(segment.Style.Background)}\"/>\n");
            }

            AppendText(svg, segment, column, top);
            column += cells;
        }
    }

    /// <summary>The line's segments, neighbours of one style as one.</summary>
    private static IEnumerable<Segment> Runs(SegmentLine line)
    {
        Segment? run = null;
        foreach (Segment segment in line.Where(segment => !segment.IsControlCode))
        {
            if (run is not null && run.Style.Equals(segment.Style))
            {
                run = new Segment(run.Text + segment.Text, run.Style);
                continue;
            }

            if (run is not null)
                yield return run;
            run = segment;
        }

        if (run is not null)
            yield return run;
    }

    private static void AppendText(StringBuilder svg, Segment segment, int column, int top)
    {
        string text = segment.Text.TrimEnd();
        int indent = text.Length - text.TrimStart().Length;
        if (text.Length == indent)
            return;
        text = text[indent..];
        string length = Number(new Segment(text).CellCount() * CellWidth);
        bool isBold = segment.Style.Decoration.HasFlag(Decoration.Bold);
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left(column + indent)}\" y=\"{top + Baseline}\" textLength=\"{length}\"");
        svg.Append(" lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\"");
        svg.Append($" fill=\"{Foreground(segment.Style)}\"{(isBold ? " font-weight=\"bold\"" : "")}>");
        svg.Append($"{SecurityElement.Escape(text)}</text>\n");
    }

    private static int UsedCells(SegmentLine line) =>
        new Segment(string.Concat(line.Select(segment => segment.Text)).TrimEnd()).CellCount();

    private static string Foreground(Style style) => style.Foreground != Color.Default ? Hex(style.Foreground)
        : style.Decoration.HasFlag(Decoration.Dim) ? Faint : Plain;

    private static string Hex(Color color) => Palette.TryGetValue(color, out string? known) ? known : $"#{color.ToHex()}";

    private static string Left(int column) => Number(Margin + (column * CellWidth));

    private static string Number(double pixels) => pixels.ToString("0.#", CultureInfo.InvariantCulture);
}
