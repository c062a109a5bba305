namespace ExtShell.Engine.Kernel;

/// <summary>No thread can go on and no I/O is pending: says who waits for what, and the cycle of those who wait for each other.</summary>
public sealed class DeadlockException : Exception
{
    internal DeadlockException(IReadOnlyList<WaitingThread> threads)
        : base("deadlock: " + string.Join("; ", threads))
    {
        Threads = threads;
        Cycle = FindCycle(threads);
    }

    /// <summary>The threads that wait.</summary>
    public IReadOnlyList<WaitingThread> Threads { get; }

    /// <summary>
    /// Threads of which each waits for something that the next one holds, and the last one for the first; empty if there is no such
    /// cycle.
    /// </summary>
    public IReadOnlyList<WaitingThread> Cycle { get; }

    /// <summary>A line for each thread that waits.</summary>
    public IReadOnlyList<string> Waiters => [.. Threads.Select(thread => thread.ToString())];

    private static IReadOnlyList<WaitingThread> FindCycle(IReadOnlyList<WaitingThread> threads)
    {
        foreach (WaitingThread start in threads)
        {
            var path = new List<WaitingThread>();
            if (Reaches(start, start.Thread, threads, path))
                return path;
        }

        return [];
    }

    private static bool Reaches(WaitingThread from, string target, IReadOnlyList<WaitingThread> threads, List<WaitingThread> path)
    {
        if (path.Contains(from))
            return false;
        path.Add(from);
        foreach (string holder in from.Holders)
        {
            WaitingThread? next = threads.FirstOrDefault(thread => thread.Thread == holder);
            if (holder == target || (next is not null && Reaches(next, target, threads, path)))
                return true;
        }

        path.Remove(from);
        return false;
    }
}
