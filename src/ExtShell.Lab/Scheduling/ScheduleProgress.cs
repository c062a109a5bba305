namespace ExtShell.Lab.Scheduling;

/// <summary>How far a search of schedules is.</summary>
/// <param name="Schedules">Schedules run.</param>
/// <param name="MostSchedules">The most that will be run.</param>
/// <param name="Distinct">How many of them differ in what the device and the callers saw.</param>
/// <param name="Leaves">Leaves of crash explorations.</param>
/// <param name="Findings">Findings so far.</param>
public readonly record struct ScheduleProgress(long Schedules, long MostSchedules, long Distinct, long Leaves, int Findings);
