using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Defects;

/// <summary>What the search for a defect showed.</summary>
/// <param name="Row">The defect.</param>
/// <param name="Found">The search with the defect open.</param>
/// <param name="Finding">What it found; null for nothing.</param>
/// <param name="Shrunk">The finding on the smallest run that was found, replayed from its text.</param>
/// <param name="Cured">The search with the defect closed; null where nothing closes it.</param>
/// <param name="Part">The row with a switch off that it does without; null where each is needed.</param>
/// <param name="FindTime">How long the first search took.</param>
/// <param name="CureTime">How long the second one took.</param>
public sealed record DefectOutcome(
    DefectRow Row, ScheduleReport Found, ScheduleFinding? Finding, ScheduleShrinkResult? Shrunk, ScheduleReport? Cured, DefectRow? Part,
    TimeSpan FindTime, TimeSpan CureTime)
{
    /// <summary>
    /// Whether the defect was found, replays, needs each of its switches, and is not there when cured; in a control, whether nothing was
    /// found either way.
    /// </summary>
    public bool IsShown =>
        Part is null && Cured is null or { IsClean: true } && (Row.IsControl ? Found.IsClean : Shrunk is { IsReplayed: true });
}
