namespace ExtShell.Lab.Scheduling;

/// <summary>What shrinking a finding came to.</summary>
/// <param name="Finding">The finding in the smallest scenario, with the simplest schedule that was found for it.</param>
/// <param name="Runs">How many scenarios were searched.</param>
/// <param name="IsMinimal">Whether nothing that was tried makes the scenario smaller.</param>
/// <param name="HasFewestPreemptions">Whether every schedule of the small scenario with fewer preemptions was tried, and none shows
/// it.</param>
/// <param name="IsReplayed">Whether the schedule, written as text and read again, replays to the same.</param>
public sealed record ScheduleShrinkResult(ScheduleFinding Finding, int Runs, bool IsMinimal, bool HasFewestPreemptions, bool IsReplayed);
