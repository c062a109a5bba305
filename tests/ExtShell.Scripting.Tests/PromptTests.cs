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
    public void WhatFailsIsShownWithItsLineWhereThatIsNotTheOneThatWasSubmitted()
    {
        ToolResult result = ConsoleProcess.RunWith(
            "int Half(int n)\n{\n    return 1 / n;\n}\nHalf(0)\n1 / Args.Count\nthrow new Exception(\"mine\")\n");
        Assert.Equal(
            ["(3): DivideByZeroException: Attempted to divide by zero.", "  return 1 / n;",
                "DivideByZeroException: Attempted to divide by zero.",
                "Exception: mine"],
            result.Errors.ReplaceLineEndings("\n").TrimEnd().Split('\n'));
    }

    [Fact]
    public void ASavedSessionFindsItsFilesFromItsOwnFolder()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("saved"));
        File.WriteAllText(folder.File("part.csx"), "int Part() => 41;\n");
        string saved = folder.File("saved/session.csx");
        ConsoleProcess.RunIn(folder.Path, $"#load \"part.csx\"\nPart() + 1\n#save {saved}\n", []);
        Assert.StartsWith("#load \"../part.csx\"", File.ReadAllText(saved), StringComparison.Ordinal);
        ToolResult result = ConsoleProcess.Run(saved);
        Assert.Equal(("42", ""), (result.Output.TrimEnd(), result.Errors));
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
