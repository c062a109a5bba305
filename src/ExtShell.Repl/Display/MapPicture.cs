using System.Globalization;
using ExtShell.Scripting.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ExtShell.Repl.Display;

/// <summary>An extent map in colour; the letters say the same where there is none.</summary>
internal static class MapPicture
{
    public static IRenderable Of(FileMap map)
    {
        var lines = new List<IRenderable>();
        foreach ((long offsetBytes, string letters) in map.Rows())
        {
            var line = new Paragraph(string.Create(CultureInfo.InvariantCulture, $"{offsetBytes,15:N0}  "), Colours.Dim);
            AppendRuns(line, letters);
            lines.Add(line);
        }

        if (lines.Count == 0)
            lines.Add(Pictures.Dim("no blocks"));
        lines.Add(Legend());
        lines.Add(Pictures.Dim(map.Scale));
        return new Rows(lines);
    }

    private static Paragraph Legend()
    {
        var line = new Paragraph();
        foreach ((char letter, string meaning) in FileMap.Meanings)
            line.Append($"{letter}", Colours.OfLetter(letter)).Append($" {meaning}  ", Colours.Dim);
        return line;
    }

    private static void AppendRuns(Paragraph line, string letters)
    {
        for (int start = 0; start < letters.Length;)
        {
            int end = start;
            while (end < letters.Length && letters[end] == letters[start])
                end++;
            line.Append(letters[start..end], Colours.OfLetter(letters[start]));
            start = end;
        }
    }
}
