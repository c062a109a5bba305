using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

public sealed class PromptTests
{
    [Fact]
    public void SubmissionsTakeSeveralLinesKeepStateAndSurviveErrors()
    {
        const string input = """
            var volume = NewVolume("16MiB")
            int Twice(int number)
            {
                return 2 * number;
            }
            Twice(21)

            volume.Open("/none")
            nonsense
            volume.Create("/log")
            volume.Exists("/log")
            #exit
            Print("not reached")
            """;
        ToolResult result = ConsoleProcess.RunWith(input);
        Assert.Contains("> 42", result.Output, StringComparison.Ordinal);
        Assert.Contains("> /log, handle 1", result.Output, StringComparison.Ordinal);
        Assert.Contains("> true", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not reached", result.Output, StringComparison.Ordinal);
        Assert.Contains("FileSystemException: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains("error CS0103", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("CS1002", result.Errors, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void TwoEmptyLinesEndASubmissionThatIsNotWhole()
    {
        ToolResult result = ConsoleProcess.RunWith("Print(\n\n\n\"after\"\n#foo\n#help\n");
        Assert.Contains("no command #foo; there are #help, #exit", result.Errors, StringComparison.Ordinal);
        Assert.Contains("error CS", result.Errors, StringComparison.Ordinal);
        Assert.Contains("> after", result.Output, StringComparison.Ordinal);
        Assert.Contains("#exit leaves", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }
}
