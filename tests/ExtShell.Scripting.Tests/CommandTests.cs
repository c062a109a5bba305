using System.Text.RegularExpressions;
using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

/// <summary>The prompt's own words, from a pipe: what they say, and what they leave behind.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ResetForgetsAndUnmounts()
    {
        ToolResult result = Run("int kept = 1;", "var v = NewVolume(\"16MiB\");", "#reset", "kept", "Volumes.Count");
        Assert.Contains("> Begun anew", result.Output, StringComparison.Ordinal);
        Assert.Contains("The name 'kept' does not exist", result.Errors, StringComparison.Ordinal);
        Assert.Contains("> 0\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadAndReferencesAreSubmissions()
    {
        File.WriteAllText(_folder.File("l.csx"), "int loaded = 7; int Twice(int n) => 2 * n;");
        string path = _folder.File("l.csx").Replace('\\', '/');
        ToolResult result = Run(
            $"#load \"{path}\"", "Twice(loaded)", "#r \"System.Private.Xml\"", "new System.Xml.XmlDocument().HasChildNodes");
        Assert.Contains("> 14\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("> false\n", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Errors);
        Assert.Contains("could not be opened", Run("#load \"/none.csx\"").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void TimeTellsRealAndSimulatedTime()
    {
        ToolResult result = Run(
            "var v = NewVolume(\"16MiB\");", "#time v.Sync()", "1 + 1", "#time", "2 + 2", "#time",
            "v.Create(\"/a\").WriteDirect(0, Fill('A', 4096))");
        Assert.Single(Regex.Matches(result.Output, @"[0-9.,]+ ms, [0-9.]+ ms simulated"));
        Assert.Equal(2, Regex.Count(result.Output, @"[0-9] ms[\n,]"));
        Assert.Contains("> 4096\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ASavedSessionIsAScriptThatRuns()
    {
        string path = _folder.File("session.csx");
        ToolResult result = Run("var v = NewVolume(\"16MiB\")", "v.Create(\"/log\")", "nonsense", "_.Path + \"!\"", $"#save {path}");
        Assert.Contains("3 submission(s) saved in ", result.Output, StringComparison.Ordinal);
        ToolResult again = ConsoleProcess.Run(path);
        Assert.Equal(("", 0), (again.Errors, again.ExitCode));
        Assert.EndsWith("/log!", again.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("commands", "#save FILE")]
    [InlineData("schedules", "SearchSchedules")]
    [InlineData("protocols", "XfsStyle")]
    [InlineData("xfsstyle", "InMemorySizeBeforeConversion: ")]
    [InlineData("FileHandle.Fallocate", "void FileHandle.Fallocate(long offsetBytes")]
    [InlineData("SearchCrashStates", "Ctrl+C ends it early")]
    public void HelpKnowsTopicsProtocolsAndNames(string topic, string expected) =>
        Assert.Contains(expected, Run($"#help {topic}").Output, StringComparison.Ordinal);

    [Fact]
    public void HelpForNothingIsAnError() =>
        Assert.Contains("no topic and no name 'nowhere'", Run("#help nowhere").Errors, StringComparison.Ordinal);

    private static ToolResult Run(params string[] lines)
    {
        ToolResult result = ConsoleProcess.RunWith(string.Join('\n', lines) + "\n");
        Assert.Equal(0, result.ExitCode);
        return result with { Output = result.Output.ReplaceLineEndings("\n") };
    }
}
