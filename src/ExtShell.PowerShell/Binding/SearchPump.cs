using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace ExtShell.PowerShell.Binding;

/// <summary>
/// Runs a search beside the pipeline, and what it says (findings, progress) on the pipeline's thread. When the pipeline is stopped, or
/// somebody behind in it has enough, the search is cancelled, and ends with what it has seen.
/// </summary>
internal sealed class SearchPump : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private BlockingCollection<Action> _said = [];

    /// <summary>Ends the search.</summary>
    public CancellationToken Cancellation => _stopping.Token;

    /// <summary>Has something done by the pipeline's thread.</summary>
    public void Say(Action action) => _said.Add(action);

    /// <summary>Cancels; of any thread.</summary>
    public void Stop() => _stopping.Cancel();

    /// <summary>
    /// Runs the search to its end; what is thrown by the pipeline is thrown here, after <paramref name="keep"/> has the result.
    /// </summary>
    /// <param name="search">The search, made on a thread of its own.</param>
    /// <param name="keep">Is given the result, whole or partial.</param>
    public T Run<T>(Func<T> search, Action<T> keep)
    {
        var said = _said = [];
        Task<T> task = Task.Run(search);
        task.ContinueWith(_ => said.CompleteAdding(), TaskScheduler.Default);
        ExceptionDispatchInfo? interruption = null;
        foreach (Action action in said.GetConsumingEnumerable())
        {
            if (interruption is not null)
                continue;
            try
            {
                action();
            }
#pragma warning disable CA1031 // whatever the pipeline throws is thrown again, when the search has ended
            catch (Exception stopped)
            {
                interruption = ExceptionDispatchInfo.Capture(stopped);
                Stop();
            }
#pragma warning restore CA1031
        }

        T result = task.GetAwaiter().GetResult();
        keep(result);
        interruption?.Throw();
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _said.Dispose();
    }
}
