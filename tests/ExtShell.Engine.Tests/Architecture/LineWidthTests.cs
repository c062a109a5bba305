using System.Runtime.CompilerServices;

namespace ExtShell.Engine.Tests.Architecture;

/// <summary>Sources are read side by side: no line is wider than 140 columns.</summary>
public class LineWidthTests
{
    private const int MostColumns = 140;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("examples")]
    public void No_line_of_source_is_too_wide(string folder)
    {
        string path = Path.Combine(Root(), folder);
        string[] kinds = ["*.cs", "*.csx"];
        string[] files = [.. kinds.SelectMany(kind => Directory.EnumerateFiles(path, kind, SearchOption.AllDirectories))];
        Assert.NotEmpty(files);
        Assert.Empty(
            from file in files
            let parts = Path.GetRelativePath(path, file).Split(Path.DirectorySeparatorChar)
            where !parts.Contains("obj") && !parts.Contains("bin")
            from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
            where line.Text.Length > MostColumns
            select $"{file}:{line.Number}");
    }

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
