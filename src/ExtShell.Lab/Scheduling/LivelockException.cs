namespace ExtShell.Lab.Scheduling;

/// <summary>Threads ran for ever, however fairly they were picked, and no operation returned.</summary>
public sealed class LivelockException : Exception
{
    internal LivelockException(int steps, IReadOnlyList<string> cycle)
        : base($"livelock: no operation returned in {steps} steps though every thread that could go on did; "
            + $"a cycle of {cycle.Count} step(s) repeats") => Cycle = cycle;

    /// <summary>The steps that repeat, in words.</summary>
    public IReadOnlyList<string> Cycle { get; }
}
