using System.Diagnostics;
using System.Globalization;
using ExtShell.Format.Errors;
using ExtShell.Repl.Display;
using ExtShell.Repl.Editing;
using ExtShell.Repl.Running;
using ExtShell.Scripting.Contracts.Running;

namespace ExtShell.Repl.Prompting;

/// <summary>The prompt: reads submissions, runs them, shows what they came to.</summary>
internal sealed class Prompt(ISubmissionReader reader, PromptSession session, Screen screen)
{
    private readonly PromptCommands _commands = new(session, screen);

    public ExitCode Run()
    {
        screen.Note("ExtShell. C# at the prompt; #exit leaves, #help helps.");
        while (!_commands.IsLeaving && reader.Read(PromptTitle.Of(session)) is { } code)
        {
            if (string.IsNullOrWhiteSpace(code))
                continue;
            if (!PromptCommands.IsCommand(code))
                Evaluate(code, _commands.IsTiming);
            else if (_commands.Run(code) is { } timed)
                Evaluate(timed, isTimed: true);
        }

        return ExitCode.Clean;
    }

    private void Evaluate(string code, bool isTimed)
    {
        var watch = Stopwatch.StartNew();
        long simulated = session.Volume?.Machine.Clock.NowNanoseconds ?? 0;
        try
        {
            session.Evaluate(code, null, value =>
            {
                if (isTimed)
                    watch.Stop();
                screen.Show(value);
            });
        }
        catch (EvaluationAbortedException aborted)
        {
            screen.ShowError(aborted.Message);
        }
        catch (OperationCanceledException) when (session.WasCancelled)
        {
            screen.ShowError("cancelled");
        }
        catch (Exception failure) when (failure is not (InvariantException or OutputClosedException))
        {
            screen.ShowError(failure, session.PlaceOf(failure));
        }

        if (!isTimed)
            return;
        long passed = (session.Volume?.Machine.Clock.NowNanoseconds ?? 0) - simulated;
        string machine = simulated == 0 || passed <= 0 ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {passed / 1e6:N3} ms simulated");
        screen.Note(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalMilliseconds:N1} ms{machine}"));
    }
}
