namespace ExtShell.Lab.Crash;

/// <summary>How far an exploration goes.</summary>
public sealed record ExploreOptions
{
    /// <summary>Everything.</summary>
    public static ExploreOptions Default { get; } = new();

    /// <summary>The most leaves to visit; the report says where it ended early.</summary>
    public long MostLeaves { get; init; } = long.MaxValue;

    /// <summary>Whether to end at the first violation.</summary>
    public bool StopAtFirstViolation { get; init; }

    /// <summary>Whether what the checker warns of is a violation too, not only what it calls an error.</summary>
    public bool ReportsWarnings { get; init; }

    /// <summary>The first and last cut to look at; epochs outside are left out.</summary>
    public CutRange Cuts { get; init; } = new(0, int.MaxValue);

    /// <summary>Is told each violation when it is found first.</summary>
    public Action<CrashFinding>? OnFinding { get; init; }

    /// <summary>Is told how far the exploration is, once for each epoch.</summary>
    public IProgress<ExploreProgress>? Progress { get; init; }

    /// <summary>Ends the exploration; the report holds what was seen.</summary>
    public CancellationToken Cancellation { get; init; }
}
