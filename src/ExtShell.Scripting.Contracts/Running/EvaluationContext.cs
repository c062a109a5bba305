using System.Collections.Concurrent;

namespace ExtShell.Scripting.Contracts.Running;

/// <summary>Runs a task's continuations on the thread that began it, until it has ended.</summary>
internal sealed class EvaluationContext : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Call, object? State)> _calls = [];

    public static Task<T> Run<T>(Func<Task<T>> start)
    {
        var context = new EvaluationContext();
        SetSynchronizationContext(context);
        try
        {
            Task<T> task = start();
            task.ContinueWith(static (_, state) => ((EvaluationContext)state!)._calls.CompleteAdding(), context, TaskScheduler.Default);
            foreach ((SendOrPostCallback call, object? state) in context._calls.GetConsumingEnumerable())
                call(state);
            return task;
        }
        finally
        {
            SetSynchronizationContext(null);
        }
    }

    /// <summary>What comes when the task has ended runs nowhere: the submission was given up.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            _calls.Add((d, state));
        }
        catch (InvalidOperationException) when (_calls.IsAddingCompleted)
        {
            // Given up.
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);
}
