using System.Xml.Linq;
using ExtShell.Repl.Display;
using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

/// <summary>Pictures as SVG: what they hold, and that those of examples/pictures are what the program draws today.</summary>
public sealed class SvgPictureTests
{
    private static string Folder => Path.Combine(ConsoleProcess.Root, "examples", "pictures");

    [Theory]
    [InlineData("extents")]
    [InlineData("timeline")]
    public void ThePicturesOfTheDocumentationAreUpToDate(string name)
    {
        using var folder = new TemporaryFolder();
        ToolResult result = ConsoleProcess.Run("--svg", folder.File("drawn.svg"), Path.Combine(Folder, name + ".csx"));
        Assert.Equal(("", 0), (result.Errors, result.ExitCode));
        string kept = File.ReadAllText(Path.Combine(Folder, name + ".svg"));
        Assert.True(
            kept == File.ReadAllText(folder.File("drawn.svg")),
            $"draw it again: extshell --svg examples/pictures/{name}.svg examples/pictures/{name}.csx");
        Assert.Equal("svg", XDocument.Parse(kept).Root!.Name.LocalName);
    }

    [Fact]
    public void RunsOfLettersStandInTheirCellsAndMarkupIsEscaped()
    {
        var root = XDocument.Parse(SvgPicture.Of(Pictures.Of("a < b & c\n  second"))).Root!;
        XElement[] texts = [.. root.Elements().Where(element => element.Name.LocalName == "text")];
        Assert.Equal(["a < b & c", "second"], texts.Select(text => text.Value));
        Assert.Equal(["16", "32.8"], texts.Select(text => text.Attribute("x")!.Value));
        Assert.Equal(["75.6", "50.4"], texts.Select(text => text.Attribute("textLength")!.Value));
        Assert.Equal("107.6", root.Attribute("width")!.Value);
    }

    [Fact]
    public void AnExpressionIsDrawnToo()
    {
        using var folder = new TemporaryFolder();
        ToolResult result = ConsoleProcess.Run("--svg", folder.File("a.svg"), "-e", "new[] { new { Name = \"n\", Count = 1234 } }");
        Assert.Equal(("", "", 0), (result.Output, result.Errors, result.ExitCode));
        Assert.Contains(">1,234<", File.ReadAllText(folder.File("a.svg")), StringComparison.Ordinal);
    }
}
