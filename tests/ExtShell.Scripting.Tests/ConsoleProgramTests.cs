using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

public sealed class ConsoleProgramTests
{
    [Theory]
    [InlineData("6 * 7", "42")]
    [InlineData("1.5", "1.5")]
    [InlineData("\"a\" + 'b'", "ab")]
    [InlineData("1 < 2", "true")]
    [InlineData("(object)null", "null")]
    [InlineData("Fill('A', 3)", "byte[3] 414141")]
    public void AnExpressionPrintsItsValue(string expression, string expected)
    {
        ToolResult result = ConsoleProcess.Run("-e", expression);
        Assert.Equal("", result.Errors);
        Assert.Equal(expected, result.Output.TrimEnd());
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void ACollectionPrintsALineForEachItemAsTheyCome()
    {
        string[] lines = ConsoleProcess.Run("-e", "Enumerable.Range(1, 1001)")
            .Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1001, lines.Length);
        Assert.Equal(["1", "1001"], [lines[0], lines[1000]]);
        ToolResult fails = ConsoleProcess.Run("-e", "Enumerable.Range(1, 3).Select(n => 6 / (3 - n))");
        Assert.Equal(("3\n6\n", 3), (fails.Output.ReplaceLineEndings("\n"), fails.ExitCode));
        Assert.Equal("", ConsoleProcess.Run("-e", "new int[0]").Output);
    }

    [Fact]
    public void ACleanReportPrintsItsVerdict()
    {
        ToolResult result = ConsoleProcess.Run("-e", "NewVolume(\"16MiB\", blockSize: 1024, type: \"ext2\").Check()");
        Assert.StartsWith("clean: 11 inodes", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void AReportWithFindingsIsPrintedAndMakesTheExitCodeOne()
    {
        const string script = """
            var volume = NewVolume("16MiB", switches: ["ExtendAfterSync"]);
            var log = volume.Create("/log");
            log.WriteDirect(0, Fill('A', 4096), sync: SyncKind.Sync);
            log.WriteDirect(4096, Fill('B', 4096), sync: SyncKind.Sync);
            var report = volume.SearchCrashStates();
            Print(report);
            return report;
            """;
        ToolResult result = ConsoleProcess.RunWith(script, "-");
        Assert.Contains("broken promise", result.Output, StringComparison.Ordinal);
        Assert.Contains("LostSize: /log", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("extshell: stdin returned findings: 5 outcomes", result.Errors, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [RequiresToolFact("sh", "timeout", "head")]
    public void AnEndlessScriptEndsWhenNobodyReadsItsOutput()
    {
        using var folder = new TemporaryFolder();
        string script = folder.File("endless.csx");
        File.WriteAllText(script, "while (!Cancellation.IsCancellationRequested) { Print(1); Console.WriteLine(2); }");
        ToolResult result = ExternalTool.Run(
            "sh", "-c", $"{{ timeout 100 dotnet {ConsoleProcess.Program} {script}; echo \"exit $?\" >&2; }} | head -2");
        Assert.Equal(("1\n2\n", "exit 3\n"), (result.Output, result.Errors));
    }

    [Theory]
    [InlineData("Print(1)", "1")]
    [InlineData("int a = 5;", "")]
    [InlineData("NewVolume(\"16MiB\").Sync()", "")]
    public void WhatHasNoValuePrintsNone(string expression, string expected)
    {
        ToolResult result = ConsoleProcess.Run("-e", expression);
        Assert.Equal((expected, "", 0), (result.Output.TrimEnd(), result.Errors, result.ExitCode));
    }

    [Fact]
    public void JsonHasResultsOnStandardOutputAndWhatIsPrintedOnStandardError()
    {
        ToolResult result = ConsoleProcess.RunWith("Print(\"printed\"); return new[] { new { A = 1 }, new { A = 2 } };", "--json", "-");
        Assert.Equal("{\"a\":1}\n{\"a\":2}", result.Output.ReplaceLineEndings("\n").TrimEnd());
        Assert.Equal("printed", result.Errors.TrimEnd());
    }

    [Fact]
    public void NamedArgumentsAreConverted()
    {
        ToolResult result = ConsoleProcess.Run("-e", "Argument<int>(\"n\") + Argument(\"m\", 100)", "n=3");
        Assert.Equal("103", result.Output.TrimEnd());
        ToolResult missing = ConsoleProcess.Run("-e", "Argument<int>(\"n\")", "n=x");
        Assert.EndsWith(
            "ArgumentException: the argument 'n' cannot be taken as Int32: it is 'x'", missing.Errors.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(3, missing.ExitCode);
    }

    [RequiresToolTheory("kill")]
    [InlineData("while (true) { }", "extshell: aborted; what it was working on may be half done")]
    [InlineData("await Task.Delay(-1);", "extshell: cancelled")]
    [InlineData("Cancellation.WaitHandle.WaitOne();", "extshell: cancelled")]
    [InlineData("Thread.Sleep(-1);", "extshell: aborted; what it was working on may be half done")]
    [InlineData("new ManualResetEvent(false).WaitOne();", "extshell: aborted; what it was working on may be half done")]
    public void CtrlCEndsAScript(string wait, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("long.csx"), $"Print(\"begun\");\n{wait}\n");
        ToolResult result = ConsoleProcess.RunInterrupted("begun", folder.File("long.csx"));
        Assert.Equal((expected, 3), (result.Errors.TrimEnd(), result.ExitCode));
    }

    [Fact]
    public void TheUsersFoldersAreWhereTheSystemOrTheEnvironmentSays()
    {
        const string expression = "$\"{UserFolders.Data}|{UserFolders.Cache}\"";
        using var folder = new TemporaryFolder();
        (string, string)[] own = [("EXTSHELL_DATA", folder.File("data")), ("EXTSHELL_CACHE", folder.File("cache"))];
        Assert.Equal($"{folder.File("data")}|{folder.File("cache")}", ConsoleProcess.RunWith("", own, "-e", expression).Output.TrimEnd());
        if (!OperatingSystem.IsLinux())
            return;
        (string, string)[] systems =
            [("EXTSHELL_DATA", ""), ("EXTSHELL_CACHE", ""), ("XDG_DATA_HOME", folder.File("d")), ("XDG_CACHE_HOME", folder.File("c"))];
        Assert.Equal(
            $"{folder.File("d")}/extshell|{folder.File("c")}/extshell",
            ConsoleProcess.RunWith("", systems, "-e", expression).Output.TrimEnd());
    }

    [Fact]
    public void AScriptSeesItsArguments()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("args.csx"), "Print(string.Join('|', Args));");
        ToolResult result = ConsoleProcess.Run(folder.File("args.csx"), "one", "-e", "two words");
        Assert.Equal("one|-e|two words", result.Output.TrimEnd());
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void HelpNamesOptionsVerbsAndExitCodes()
    {
        ToolResult result = ConsoleProcess.Run("--help");
        Assert.All(["-e EXPR", "--version", "--svg", "NewVolume", "CheckImage", "Args", "Exit code"], word =>
            Assert.Contains(word, result.Output, StringComparison.Ordinal));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void TheVersionIsThreeNumbers() => Assert.Matches(@"^\d+\.\d+\.\d+\s*$", ConsoleProcess.Run("--version").Output);

    [Theory]
    [InlineData("unknown option --nonsense", "--nonsense")]
    [InlineData("-i needs standard input", "-i", "-")]
    [InlineData("no such script: none.csx", "none.csx")]
    [InlineData("-e takes one expression", "-e")]
    [InlineData("--svg takes the file to write", "-e", "1", "--svg")]
    [InlineData("--svg draws the result of a script", "--svg", "none.svg")]
    public void ArgumentsThatMakeNoSenseAreUsageErrors(string message, params string[] arguments)
    {
        ToolResult result = ConsoleProcess.Run(arguments);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
        Assert.Equal(2, result.ExitCode);
    }

    [Fact]
    public void AScriptThatDoesNotCompileIsShownWithFileLineAndCaret()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("wrong.csx"), "int a = 1;\nint b = nonsense;\n");
        ToolResult result = ConsoleProcess.Run(folder.File("wrong.csx"));
        Assert.Equal(
            ["wrong.csx(2,9): error CS0103: The name 'nonsense' does not exist in the current context", "  int b = nonsense;",
                "          ^^^^^^^^"],
            result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()));
        Assert.Equal(3, result.ExitCode);
    }

    [Fact]
    public void AThrownErrorIsShownWithTheScriptsLine()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("throws.csx"), "var volume = NewVolume(\"16MiB\");\nvolume.Open(\"/none\");\n");
        ToolResult result = ConsoleProcess.Run(folder.File("throws.csx"));
        Assert.StartsWith("throws.csx(2): FileSystemException: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains("ENOENT", result.Errors, StringComparison.Ordinal);
        Assert.EndsWith("\n  volume.Open(\"/none\");", result.Errors.ReplaceLineEndings("\n").TrimEnd(), StringComparison.Ordinal);
        File.WriteAllText(folder.File("loads.csx"), "#load \"throws.csx\"\n");
        Assert.StartsWith(
            "throws.csx(2): FileSystemException: ", ConsoleProcess.Run(folder.File("loads.csx")).Errors, StringComparison.Ordinal);
        Assert.Equal(3, result.ExitCode);
    }

    [Fact]
    public void APromptWithJsonHasNothingButResultsOnStandardOutput()
    {
        ToolResult result = ConsoleProcess.RunWith("1 + 1\nPrint(\"said\")\n\"a\"\n", "--json");
        Assert.Equal("2\n\"a\"\n", result.Output.ReplaceLineEndings("\n"));
        Assert.Contains("said", result.Errors, StringComparison.Ordinal);
    }

    [RequiresToolFact("e2fsck")] // where there is Linux: a file that is there, and cannot be read
    public void AScriptThatCannotBeReadIsAnErrorAndNoCrash()
    {
        ToolResult result = ConsoleProcess.Run("/proc/self/mem");
        Assert.StartsWith("IOException: ", result.Errors, StringComparison.Ordinal);
        Assert.Equal(3, result.ExitCode);
    }

    [Fact]
    public void AfterTwoDashesThereAreNoOptions()
    {
        Assert.Equal("-x --json", ConsoleProcess.Run("-e", "string.Join(' ', Args)", "--", "-x", "--json").Output.TrimEnd());
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("-odd.csx"), "Print(Args[0]);");
        Assert.Equal("--help", ConsoleProcess.RunIn(folder.Path, "", [], "--", "-odd.csx", "--help").Output.TrimEnd());
    }

    [Fact]
    public void TheCauseOfAnErrorIsToldAndACaretStandsUnderTabs()
    {
        ToolResult caused = ConsoleProcess.Run("-e", "throw new IOException(\"outer\", new FormatException(\"inner\"))");
        Assert.Equal("IOException: outer\n  because of FormatException: inner", caused.Errors.ReplaceLineEndings("\n").TrimEnd());
        ToolResult tabs = ConsoleProcess.RunWith("\tint a =\tnothing;", "-");
        Assert.EndsWith(
            "\n  \tint a =\tnothing;\n  \t       \t^^^^^^^", tabs.Errors.ReplaceLineEndings("\n").TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnErrorOfAScriptFromStandardInputHasALineToo()
    {
        ToolResult result = ConsoleProcess.RunWith("Print(1);\nthrow new InvalidOperationException(\"as asked\");", "-");
        Assert.Equal(
            "stdin(2): InvalidOperationException: as asked\n  throw new InvalidOperationException(\"as asked\");",
            result.Errors.ReplaceLineEndings("\n").TrimEnd());
        Assert.Equal(3, result.ExitCode);
    }
}
