namespace ExtShell.Lab.Scheduling;

/// <summary>How schedules are searched, and how far.</summary>
public sealed record ScheduleOptions
{
    /// <summary>A random search of 20,000 schedules.</summary>
    public static ScheduleOptions Default { get; } = new();

    /// <summary>How schedules are chosen.</summary>
    public SearchStrategy Strategy { get; init; } = SearchStrategy.Random;

    /// <summary>What chance is derived from; random and PCT searches.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The most schedules that are run.</summary>
    public long MostSchedules { get; init; } = 20_000;

    /// <summary>The most steps of one schedule; a schedule that is longer is cut short, and counted.</summary>
    public int MostSteps { get; init; } = 100_000;

    /// <summary>PCT: how many ordering constraints the bug needs; one more than the points at which priorities change.</summary>
    public int PctDepth { get; init; } = 3;

    /// <summary>PCT: among how many decisions those points are chosen; 0 for the most steps that a schedule had so far.</summary>
    public int PctDecisions { get; init; }

    /// <summary>Preemption-bounded search: the most preemptions.</summary>
    public int PreemptionBound { get; init; } = 2;

    /// <summary>
    /// Whether the crash states of each schedule are explored too. Schedules whose write log and history were seen are left out.
    /// </summary>
    public bool ExploresCrashStates { get; init; }

    /// <summary>The most leaves of one schedule's crash exploration.</summary>
    public long MostLeaves { get; init; } = 1_000;

    /// <summary>Whether to end at the first finding.</summary>
    public bool StopsAtFirstFinding { get; init; }

    /// <summary>
    /// After how many steps in which no operation returned the schedule is made fair: whoever waited longest is picked. After as
    /// many again it is a livelock.
    /// </summary>
    public int FairSteps { get; init; } = 2_000;

    /// <summary>How often others may take the lock that a thread waits for before the thread counts as starved.</summary>
    public int MostOvertakes { get; init; } = 1_000;

    /// <summary>Whether, when all is over, every file that the scenario names is read, buffered and direct, and judged.</summary>
    public bool ReadsFilesAtEnd { get; init; } = true;

    /// <summary>Whether, when all is over, the volume is synced and checked, once for each distinct schedule.</summary>
    public bool ChecksVolumeAtEnd { get; init; } = true;

    /// <summary>How many schedules run side by side; 0 for one on each core. What is reported does not depend on it.</summary>
    public int Workers { get; init; }

    /// <summary>Is told of each new finding, in the order of the schedules.</summary>
    public Action<ScheduleFinding>? OnFinding { get; init; }

    /// <summary>
    /// Is told of each schedule of a scenario that was run, in the order of the schedules; the run's memory is used again when it returns.
    /// </summary>
    public Action<ScheduleRun>? OnRun { get; init; }

    /// <summary>Is told how far the search is.</summary>
    public IProgress<ScheduleProgress>? Progress { get; init; }

    /// <summary>Ends the search; the report holds what was seen.</summary>
    public CancellationToken Cancellation { get; init; }
}
