using ExtShell.Repl.Display;

namespace ExtShell.Scripting.Tests;

public sealed class WrappedTextTests
{
    [Theory]
    [InlineData("short", "short")]
    [InlineData("one two three four five six seven", "one two three four five six|seven")]
    [InlineData("    one two three four five six seven", "    one two three four five|    six seven")]
    [InlineData("name  one two three four five six seven", "name  one two three four five|      six seven")]
    [InlineData("oneverylongwordthatfitsnowhereinawindow x", "oneverylongwordthatfitsnowher|einawindow x")]
    [InlineData("first\n\nthird", "first||third")]
    public void LinesBreakAtWordsAndGoOnUnderTheirColumn(string text, string expected) =>
        Assert.Equal(expected, WrappedText.Of(text, 29).ReplaceLineEndings("|"));
}
