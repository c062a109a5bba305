using System.Text.RegularExpressions;
using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

/// <summary>The prompt, driven through a real terminal.</summary>
public sealed class TerminalPromptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RequiresToolFact("tmux")]
    public void TypingSeveralLinesTheTitleAndPictures()
    {
        using var terminal = new TerminalSession(_folder);
        terminal.Submit("int Twice(int n)");
        terminal.WaitFor("\n…");
        terminal.Submit("{");
        terminal.Submit("return 2 * n;");
        terminal.Submit("}");
        terminal.Submit("Twice(21)");
        string window = terminal.WaitFor("\n42");
        terminal.Submit("int Broken(");
        terminal.WaitFor("Broken(\n…");
        terminal.Press("Enter", "Enter");
        terminal.WaitFor("error CS1026");
        Assert.Contains("> int Twice(int n)\n… {\n…     return 2 * n;\n… }\n", window, StringComparison.Ordinal);
        terminal.Submit("var v = NewVolume(\"16MiB\", switches: [\"ExtendAfterSync\"])");
        terminal.WaitFor("v  16 MiB  Ext4Iomap2023 +ExtendAfterSync  2025-01-01 00:00:00.");
        terminal.Submit("var f = v.Create(\"/log\")");
        terminal.Submit("f.WriteDirect(0, Fill('A', 4096), sync: SyncKind.Sync)");
        terminal.WaitFor("\n4096");
        terminal.Submit("f");
        terminal.WaitFor("a letter is a block");
        terminal.Submit("SearchCrashStates(v)");
        Assert.Contains("╭", terminal.WaitFor("v.Tell(_.Findings[0])"), StringComparison.Ordinal);
        terminal.Submit("v.Tell(_.Findings[0])");
        terminal.WaitFor("✗ power");
        terminal.Press("C-d");
        terminal.WaitFor("exit 0");
    }

    [RequiresToolFact("tmux")]
    public void TheSessionInTheReadmeIsWhatThePromptShows()
    {
        string readme = File.ReadAllText(Path.Combine(ConsoleProcess.Root, "README.md")).ReplaceLineEndings("\n");
        string session = readme[readme.IndexOf("ExtShell. C# at the prompt", StringComparison.Ordinal)..].Split("\n```")[0];
        using var terminal = new TerminalSession(_folder);
        int submitted = 0;
        foreach (string line in session.Split('\n').Where(line => line.StartsWith("> ", StringComparison.Ordinal)))
        {
            terminal.Submit(line[2..]);
            submitted++;
            terminal.WaitFor("the next prompt", window => window.Split("\n>").Length == submitted + 2);
        }

        Assert.StartsWith(session + "\nv  64 MiB", terminal.Window(), StringComparison.Ordinal);
    }

    [RequiresToolFact("tmux")]
    public void CompletionSignaturesAndPaths()
    {
        using var terminal = new TerminalSession(_folder);
        terminal.Submit("var v = NewVolume(\"16MiB\");");
        terminal.WaitFor("Ext4Iomap2023");
        terminal.Type("var colours = \"text\";");
        terminal.WaitFor("colours", _ => Regex.IsMatch(terminal.Window(withStyles: true), "\e\\[31m(\e\\[\\d+m)*\"text\""));
        terminal.Press("C-c");
        terminal.Type("v.SearchC");
        terminal.Press("Tab");
        terminal.WaitFor("> v.SearchCrashStates");
        terminal.Type("(");
        terminal.WaitFor("CrashReport Volume.SearchCrashStates(DeviceModel? device = null");
        terminal.Press("C-c");
        terminal.Type("v.Create(\"/a\").Writ");
        terminal.Press("Tab");
        terminal.WaitFor("ƒ WriteDirect");
        terminal.WaitFor("Writes to the page cache");
        terminal.Press("Down", "Enter");
        terminal.WaitFor("the chosen item", window => window.Contains("> v.Create(\"/a\").WriteDirect", StringComparison.Ordinal)
            && !window.Contains("ƒ", StringComparison.Ordinal));
        terminal.Press("C-c");
        terminal.Type("v.Create(\"/a\").Writ");
        terminal.Press("Tab");
        terminal.WaitFor("ƒ WriteDirect");
        terminal.Press("Down");
        terminal.Type("(");
        terminal.WaitFor("> v.Create(\"/a\").WriteDirect(\n  long FileHandle.WriteDirect(long offsetBytes");
        terminal.Press("C-c");
        terminal.Type("v.ReadDirectory(\"/lo");
        terminal.Press("Tab");
        terminal.WaitFor("> v.ReadDirectory(\"/lost+found/");
    }

    [RequiresToolFact("tmux")]
    public void HistoryIsThereInTheNextRun()
    {
        using (var first = new TerminalSession(_folder))
        {
            first.Submit("var remembered = 40 + 2");
            first.Submit("\"another \" + \"one\"");
            first.WaitFor("\nanother one");
            first.Submit("#exit");
            first.WaitFor("exit 0");
        }

        using var second = new TerminalSession(_folder);
        second.Press("Up", "Up");
        second.WaitFor("> \"another \"");
        second.Press("Up");
        second.WaitFor("> var remembered = 40 + 2");
        second.Press("C-c", "C-r");
        second.WaitFor("history:");
        second.Type("REMEM");
        second.WaitFor("> var remembered = 40 + 2\n  history: REMEM");
        second.Press("Enter", "Enter");
        second.Submit("remembered + 1");
        second.WaitFor("\n43");
    }

    [RequiresToolFact("tmux")]
    public void ControlCEndsTheEvaluationAndNotTheProgram()
    {
        using var terminal = new TerminalSession(_folder);
        terminal.Submit("await Task.Delay(2000); Print(\"first\")");
        terminal.Submit("var kept = 5; Print(\"begun\" + 1); await Task.Delay(-1);");
        terminal.WaitFor("\nbegun1");
        terminal.Press("C-c");
        terminal.WaitFor("\ncancelled");
        terminal.Submit("Print(\"begun\" + 2); while (true) { }");
        terminal.WaitFor("\nbegun2");
        terminal.Press("C-c");
        terminal.WaitFor("\naborted");
        terminal.Submit("kept + 1");
        terminal.WaitFor("\n6");
        terminal.Submit("Enumerable.Range(0, 9).Select(n => { Print(\"shown\" + 1); while (true) { } return n; })");
        terminal.WaitFor("\nshown1");
        terminal.Press("C-c");
        terminal.WaitFor("the abort of what is shown", window => window.Split("\naborted").Length == 3);
        terminal.Submit("Print(\"begun\" + 3); Console.OpenStandardInput().ReadByte()");
        terminal.WaitFor("\nbegun3");
        terminal.Press("C-c");
        terminal.WaitFor("it does not stop; Ctrl+C again ends the program");
        terminal.Press("Enter");
        terminal.WaitFor("the third abort", window => window.Split("\naborted").Length == 4);
        terminal.Type("nonsense");
        terminal.Press("C-c");
        terminal.WaitFor("> nonsense^C");
    }

    [RequiresToolFact("tmux")]
    public void PastedTextIsOneSubmissionAndNoColorMeansNone()
    {
        using var terminal = new TerminalSession(_folder, "NO_COLOR=1");
        terminal.Paste("if (1 < 2)\n{\n    Print(\"first\" + 1);\n}\nelse\n{\n    Print(\"second\");\n}");
        terminal.WaitFor("… else");
        terminal.Press("Enter");
        terminal.WaitFor("\nfirst1");
        terminal.Submit("new[] { new { A = true, B = 1 } }");
        terminal.WaitFor("╰");
        Assert.DoesNotMatch("\e\\[(3[0-7]|9[0-7]|38)", terminal.Window(withStyles: true));
        terminal.Submit("#save session.csx");
        terminal.WaitFor("saved in session.csx");
        ToolResult again = ConsoleProcess.Run(_folder.File("session.csx"));
        Assert.StartsWith("first1", again.Output, StringComparison.Ordinal);
        Assert.Equal(("", 0), (again.Errors, again.ExitCode));
    }
}
