using System.Text;
using ExtShell.Format.Errors;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Repl;

/// <summary>The plain prompt: reads submissions of one or more lines and prints their values.</summary>
internal sealed class Prompt(TextReader input, TextWriter output, TextWriter errors)
{
    private const string Help = """
        A submission is C#: an expression prints its value, what is declared stays. Two empty lines end one that is not whole.

          var v = NewVolume("64MiB", switches: ["ExtendAfterSync"])      a volume in memory, here with a defect turned on
          var f = v.Create("/log")
          f.WriteDirect(0, Fill('A', 4096), sync: SyncKind.Sync)         O_DIRECT and O_SYNC
          v.Crash()                                                      the power fails now: what can the disk hold?
          var r = v.SearchCrashStates()                                  every state at every cut, judged by what was promised
          r
          v.Tell(r.Findings[0])                                          a finding, told byte by byte
          v.Check()                                                      is the volume sound?

        #help prints this, #exit leaves, Ctrl+C stops what looks at Cancellation; twice, the program.
        """;

    public async Task<ExitCode> RunAsync()
    {
        using var experiment = new Experiment([], output);
        IScriptSession session = ScriptHostLoader.Host.NewSession(experiment);
        output.WriteLine("ExtShell. C# at the prompt; #exit leaves, #help helps.");
        while (ReadSubmission(session) is { } code)
        {
            if (code.Trim() == "#exit")
                break;
            if (code.Trim() == "#help")
                output.WriteLine(Help);
            else if (!string.IsNullOrWhiteSpace(code))
                await EvaluateAsync(session, experiment, code);
        }

        return ExitCode.Clean;
    }

    private string? ReadSubmission(IScriptSession session)
    {
        var code = new StringBuilder();
        int emptyLines = 0;
        output.Write("> ");
        while (input.ReadLine() is { } line)
        {
            code.AppendLine(line);
            string text = code.ToString();
            emptyLines = string.IsNullOrWhiteSpace(line) ? emptyLines + 1 : 0;
            if (emptyLines == 2 || text.TrimStart().StartsWith('#') || session.IsComplete(text))
                return text;
            output.Write("… ");
        }

        return code.Length == 0 ? null : code.ToString();
    }

    private async Task EvaluateAsync(IScriptSession session, Experiment experiment, string code)
    {
        using var interrupt = new CancellationTokenSource();
        experiment.Cancellation = interrupt.Token;
        void Cancel(object? sender, ConsoleCancelEventArgs pressed)
        {
            pressed.Cancel = !interrupt.IsCancellationRequested;
            interrupt.Cancel();
        }

        Console.CancelKeyPress += Cancel;
        try
        {
            if (await session.RunAsync(code, null, interrupt.Token) is { HasValue: true } result)
                output.WriteLine(ValueText.Of(result.Value));
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            errors.WriteLine("cancelled");
        }
        catch (Exception failure) when (failure is not InvariantException)
        {
            errors.WriteLine(failure is ScriptCompilationException ? failure.Message : ScriptFailure.Describe(failure, null));
        }
        finally
        {
            Console.CancelKeyPress -= Cancel;
        }
    }
}
