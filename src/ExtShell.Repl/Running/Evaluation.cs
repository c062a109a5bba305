using System.Runtime;
using System.Runtime.ExceptionServices;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Repl.Running;

/// <summary>Runs a submission so that Ctrl+C ends it, and not the program.</summary>
/// <remarks>
/// (1) The submission runs on a thread of its own, its continuations too, so that it can be ended there.
/// (2) The first Ctrl+C cancels: what looks at the token ends in good order. What has not ended a moment later is aborted wherever it is,
/// an empty loop as well; what it was working on may then be half done, which is said.
/// (3) Ctrl+C comes on a thread of its own: one that comes when the submission has just ended finds nothing to cancel.
/// (4) What cannot be aborted either (a call into the system that does not come back) is left alone: the second Ctrl+C ends the program.
/// </remarks>
internal static class Evaluation
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private const int StackBytes = 16 << 20;

    /// <summary>Runs it to its end.</summary>
    /// <param name="start">Begins the work; is given what Ctrl+C cancels.</param>
    /// <exception cref="OperationCanceledException">Ctrl+C ended it.</exception>
    /// <exception cref="EvaluationAbortedException">Ctrl+C ended it in the middle of something.</exception>
    public static ScriptResult Run(Func<CancellationToken, Task<ScriptResult>> start)
    {
        using var interrupt = new CancellationTokenSource();
        using var abort = new CancellationTokenSource();
        var gate = new Lock();
        bool isOver = false;
        void Interrupt(object? sender, ConsoleCancelEventArgs pressed)
        {
            lock (gate) // (3)
            {
                pressed.Cancel = isOver || !interrupt.IsCancellationRequested; // (4)
                if (isOver)
                    return;
                abort.CancelAfter(Grace); // (2)
                interrupt.Cancel();
            }
        }

        Console.CancelKeyPress += Interrupt;
        try
        {
            return OnOwnThread(() => start(interrupt.Token), abort.Token);
        }
        finally
        {
            Console.CancelKeyPress -= Interrupt;
            lock (gate)
                isOver = true;
        }
    }

    private static ScriptResult OnOwnThread(Func<Task<ScriptResult>> start, CancellationToken abort)
    {
        Task<ScriptResult>? task = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
#pragma warning disable SYSLIB0046 // It is made for programs that run what a user types, and there is no other way to end an empty loop.
                    ControlledExecution.Run(() => task = EvaluationContext.Run(start), abort);
#pragma warning restore SYSLIB0046
                }
                catch (OperationCanceledException) when (abort.IsCancellationRequested)
                {
                    failure = ExceptionDispatchInfo.Capture(new EvaluationAbortedException());
                }
                catch (Exception other) when (other is not OutOfMemoryException)
                {
                    failure = ExceptionDispatchInfo.Capture(other);
                }
            },
            StackBytes) { IsBackground = true, Name = "evaluation" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return task!.GetAwaiter().GetResult();
    }
}

/// <summary>A submission was ended in the middle of something.</summary>
internal sealed class EvaluationAbortedException() : OperationCanceledException("aborted; what it was working on may be half done");
