using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Crash;

/// <summary>How far shrinking goes.</summary>
public sealed record ShrinkOptions
{
    /// <summary>The most scenarios that are run.</summary>
    public int MostRuns { get; init; } = 400;

    /// <summary>
    /// What else a smaller scenario must have, where showing the same is not enough: that it is clean with another setting, say. Null for
    /// nothing. Must be a function of the scenario.
    /// </summary>
    public Func<Scenario, bool>? Keeps { get; init; }

    /// <summary>Is told after each run.</summary>
    public IProgress<ShrinkProgress>? Progress { get; init; }

    /// <summary>Ends shrinking; the result is the smallest scenario so far.</summary>
    public CancellationToken Cancellation { get; init; }
}
