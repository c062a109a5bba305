using System.Runtime.ExceptionServices;

namespace ExtShell.Engine.Kernel;

/// <summary>
/// A thread of the simulated machine: an asynchronous method whose awaits are its scheduling points. No operating-system thread.
/// </summary>
public sealed class SimulatedThread : IFootprint
{
    private readonly Func<ValueTask>? _body;
    private ValueTask _running;

    internal SimulatedThread(int id, string name, ExecutionContextKind kind, Func<ValueTask>? body)
    {
        Id = id;
        Name = name;
        Kind = kind;
        _body = body;
    }

    /// <summary>The thread's number, in order of creation.</summary>
    public int Id { get; }

    /// <inheritdoc/>
    public long FootprintKey => Id;

    /// <summary>The thread's name in traces.</summary>
    public string Name { get; }

    /// <summary>Caller or worker.</summary>
    public ExecutionContextKind Kind { get; }

    /// <summary>What it waits for; null before its start and while it runs.</summary>
    public Waitable? WaitingFor { get; internal set; }

    /// <summary>Whether its method has returned.</summary>
    public bool IsDone { get; private set; }

    /// <summary>How its method failed, if it did.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    internal Action? Continuation { get; set; }

    internal bool IsStarted { get; private set; }

    internal bool CanRun => !IsDone && (WaitingFor is null ? !IsStarted : WaitingFor.IsReady(this));

    internal void MarkStarted() => (IsStarted, IsDone) = (true, false);

    internal void MarkDone() => IsDone = true;

    internal void Resume()
    {
        if (!IsStarted)
        {
            IsStarted = true;
            _running = _body!();
            if (_running.IsCompleted)
                Finish();
            else
                _running.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(Finish);
            return;
        }

        Action continuation = Continuation!;
        Continuation = null;
        WaitingFor = null;
        continuation();
    }

    private void Finish()
    {
        IsDone = true;
        if (_running.IsFaulted)
            Failure = ExceptionDispatchInfo.Capture(_running.AsTask().Exception!.InnerException!);
    }
}
