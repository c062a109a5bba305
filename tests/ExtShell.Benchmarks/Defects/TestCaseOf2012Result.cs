namespace ExtShell.TestTools.Defects;

/// <summary>What came of the test case of 2012.</summary>
/// <param name="LatencyNanoseconds">The device's latency.</param>
public sealed record TestCaseOf2012Result(long LatencyNanoseconds)
{
    /// <summary>How many writes were done when truncate was called.</summary>
    public long WritesBefore { get; internal set; }

    /// <summary>How long truncate took on the simulated clock; −1 if it never returned.</summary>
    public long TruncateNanoseconds { get; internal set; } = -1;

    /// <summary>Whether truncate returned.</summary>
    public bool Returned => TruncateNanoseconds >= 0;

    /// <summary>Whether threads ran fairly, to the bound, and no write and no truncate returned.</summary>
    public bool IsLivelock { get; internal set; }

    /// <summary>The picks that the livelock repeats, in words; empty where they were not the same again and again.</summary>
    public IReadOnlyList<string> Cycle { get; internal set; } = [];

    /// <summary>Whether the file had neither size nor blocks when truncate returned.</summary>
    public bool IsEmpty { get; internal set; }

    /// <summary>Whether every block was free again at the end.</summary>
    public bool WereAllFreed { get; internal set; }

    /// <summary>Whether the checker is silent about the unmounted volume.</summary>
    public bool IsConsistent { get; internal set; }

    /// <summary>Whether all was right.</summary>
    public bool IsRight => Returned && IsEmpty && WereAllFreed && IsConsistent;
}
