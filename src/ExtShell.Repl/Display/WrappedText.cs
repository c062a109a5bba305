namespace ExtShell.Repl.Display;

/// <summary>Text for a window: lines that are too long go on below, under the column in which their last part begins.</summary>
internal static class WrappedText
{
    private const int LeastWidth = 20;

    /// <summary>The text in lines of at most <paramref name="width"/> letters, as far as its words allow.</summary>
    public static string Of(string text, int width) => string.Join(
        Environment.NewLine, text.ReplaceLineEndings("\n").Split('\n').SelectMany(line => Lines(line, Math.Max(LeastWidth, width))));

    private static IEnumerable<string> Lines(string line, int width)
    {
        string indent = new(' ', HangingIndent(line, width));
        string rest = line;
        while (rest.Length > width)
        {
            int space = rest.LastIndexOf(' ', width);
            int end = space > 0 && !string.IsNullOrWhiteSpace(rest[..space]) ? space : width;
            yield return rest[..end].TrimEnd();
            rest = indent + rest[end..].TrimStart();
        }

        yield return rest;
    }

    /// <summary>Where the line's last column begins: behind two or more spaces; behind its indent where it has no columns.</summary>
    private static int HangingIndent(string line, int width)
    {
        int start = line.Length - line.TrimStart().Length;
        int gap = line.LastIndexOf("  ", Math.Min(width, line.Length) - 1, StringComparison.Ordinal);
        int column = gap < start ? start : gap + 2;
        return column > start && column < width - LeastWidth ? column : Math.Min(start, width / 2);
    }
}
