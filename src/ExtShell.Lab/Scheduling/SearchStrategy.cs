namespace ExtShell.Lab.Scheduling;

/// <summary>How schedules are chosen.</summary>
public enum SearchStrategy
{
    /// <summary>Each decision by chance; one seed for each schedule.</summary>
    Random,

    /// <summary>Probabilistic concurrency testing: random priorities, and a few points at which the running one loses its.</summary>
    Pct,

    /// <summary>All schedules without a preemption, then all with one, with two…</summary>
    PreemptionBounded,

    /// <summary>All schedules up to the order of steps that commute.</summary>
    Exhaustive,
}
