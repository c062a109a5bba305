using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Defects;

/// <summary>What the search for a defect showed.</summary>
/// <param name="Row">The defect.</param>
/// <param name="Found">The search with the defect open.</param>
/// <param name="Finding">What it found; null for nothing.</param>
/// <param name="Shrunk">The finding on the smallest run that was found.</param>
/// <param name="Replays">Whether the shrunk schedule, read back from its text, replays to the same.</param>
/// <param name="Cured">The search with the defect closed.</param>
/// <param name="FindTime">How long the first search took.</param>
/// <param name="CureTime">How long the second one took.</param>
public sealed record DefectOutcome(
    DefectRow Row, ScheduleReport Found, ScheduleFinding? Finding, ScheduleFinding? Shrunk, bool Replays, ScheduleReport Cured,
    TimeSpan FindTime, TimeSpan CureTime)
{
    /// <summary>Whether the defect was found, replays, and is not there when cured.</summary>
    public bool IsShown => Finding is not null && Replays && Cured.IsClean;
}
