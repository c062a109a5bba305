using ExtShell.Scripting.Contracts;
using ExtShell.Scripting.Contracts.Running;

namespace ExtShell.Repl.Running;

/// <summary>Runs a submission so that Ctrl+C ends it, and not the program.</summary>
/// <remarks>
/// (1) The first Ctrl+C cancels, and aborts what has not ended a moment later (<see cref="AbortableEvaluation"/>).
/// (2) Ctrl+C comes on a thread of its own: one that comes when the submission has just ended finds nothing to cancel.
/// (3) What cannot be aborted either (a call into the system that does not come back) is left alone, which is said: the second Ctrl+C ends
/// the program.
/// </remarks>
internal static class Evaluation
{
    private static readonly TimeSpan Stuck = 3 * AbortableEvaluation.Grace;

    /// <summary>Runs it to its end.</summary>
    /// <param name="start">Begins the work; is given what Ctrl+C cancels.</param>
    /// <param name="sayItIsStuck">Tells the user that it does not end.</param>
    /// <exception cref="OperationCanceledException">Ctrl+C ended it.</exception>
    /// <exception cref="EvaluationAbortedException">Ctrl+C ended it in the middle of something.</exception>
    public static ScriptResult Run(Func<CancellationToken, Task<ScriptResult>> start, Action sayItIsStuck)
    {
        using var interrupt = new CancellationTokenSource();
        using var stuck = new Timer(_ => sayItIsStuck());
        var gate = new Lock();
        bool isOver = false;
        void Interrupt(object? sender, ConsoleCancelEventArgs pressed)
        {
            lock (gate) // (2)
            {
                pressed.Cancel = isOver || !interrupt.IsCancellationRequested; // (3)
                if (isOver)
                    return;
                stuck.Change(Stuck, Timeout.InfiniteTimeSpan);
                interrupt.Cancel();
            }
        }

        Console.CancelKeyPress += Interrupt;
        try
        {
            return AbortableEvaluation.Run(() => start(interrupt.Token), interrupt.Token);
        }
        finally
        {
            Console.CancelKeyPress -= Interrupt;
            lock (gate)
                isOver = true;
        }
    }
}
