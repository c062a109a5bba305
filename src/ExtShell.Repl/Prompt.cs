using System.Text;
using ExtShell.Format.Errors;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Repl;

/// <summary>The plain prompt: reads submissions of one or more lines and prints their values.</summary>
internal sealed class Prompt(TextReader input, TextWriter output, TextWriter errors)
{
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
                output.WriteLine("var v = NewVolume(\"64MiB\"); var f = v.Create(\"/log\"); f.WriteDirect(0, new byte[4096], sync: SyncKind.Sync); v.SearchCrashStates()");
            else
                await EvaluateAsync(session, experiment, code);
        }

        return ExitCode.Clean;
    }

    private string? ReadSubmission(IScriptSession session)
    {
        var code = new StringBuilder();
        output.Write("> ");
        while (input.ReadLine() is { } line)
        {
            code.AppendLine(line);
            string text = code.ToString();
            if (text.TrimStart().StartsWith('#') || session.IsComplete(text))
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
            pressed.Cancel = true;
            interrupt.Cancel();
        }

        Console.CancelKeyPress += Cancel;
        try
        {
            if (await session.RunAsync(code, null, interrupt.Token) is { } value)
                output.WriteLine(ValueText.Of(value));
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
