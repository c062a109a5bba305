using System.Runtime;
using System.Runtime.ExceptionServices;

namespace ExtShell.Scripting.Contracts.Running;

/// <summary>Runs a submission so that it can be ended wherever it is.</summary>
/// <remarks>
/// (1) The submission runs on a thread of its own, its continuations too, so that it can be ended there.
/// (2) What looks at the token ends in good order. What has not ended a moment after the cancellation is aborted wherever it is, an empty
/// loop as well; what it was working on may then be half done, which is said.
/// (3) An abort does not reach a thread that sleeps or waits: it is interrupted besides, again and again, since it may catch that.
/// </remarks>
internal static class AbortableEvaluation
{
    /// <summary>How long what was cancelled has for ending in good order.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan BetweenInterrupts = TimeSpan.FromMilliseconds(250);
    private const int StackBytes = 16 << 20;

    /// <summary>Runs it to its end.</summary>
    /// <param name="start">Begins the work.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="EvaluationAbortedException">It was ended in the middle of something.</exception>
    public static ScriptResult Run(Func<Task<ScriptResult>> start, CancellationToken cancellation)
    {
        Task<ScriptResult>? task = null;
        ExceptionDispatchInfo? failure = null;
        using var abort = new CancellationTokenSource();
        var thread = new Thread(
            () =>
            {
                try
                {
#pragma warning disable SYSLIB0046 // It is made for programs that run what a user types, and there is no other way to end an empty loop.
                    ControlledExecution.Run(() => task = EvaluationContext.Run(start), abort.Token);
#pragma warning restore SYSLIB0046
                }
                catch (Exception ended)
                    when (abort.IsCancellationRequested && ended is OperationCanceledException or ThreadInterruptedException)
                {
                    failure = ExceptionDispatchInfo.Capture(new EvaluationAbortedException());
                }
                catch (Exception other) when (other is not OutOfMemoryException)
                {
                    failure = ExceptionDispatchInfo.Capture(other);
                }
            },
            StackBytes) { IsBackground = true, Name = "evaluation" };
        using var interrupts = new Timer(_ => thread.Interrupt());
        using CancellationTokenRegistration registration = cancellation.Register(() =>
        {
            abort.CancelAfter(Grace); // (2)
            interrupts.Change(Grace + BetweenInterrupts, BetweenInterrupts); // (3)
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return task!.GetAwaiter().GetResult();
    }
}

/// <summary>A submission was ended in the middle of something.</summary>
internal sealed class EvaluationAbortedException() : OperationCanceledException("aborted; what it was working on may be half done");
