namespace ExtShell.Engine.Kernel;

/// <summary>No thread can go on and no I/O is pending: says who waits for what.</summary>
public sealed class DeadlockException : Exception
{
    internal DeadlockException(IReadOnlyList<string> waiters)
        : base("deadlock: " + string.Join("; ", waiters)) => Waiters = waiters;

    /// <summary>A line for each thread that waits.</summary>
    public IReadOnlyList<string> Waiters { get; }
}
