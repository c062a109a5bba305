namespace ExtShell.Lab.Scheduling;

/// <summary>What came of replaying a schedule.</summary>
/// <param name="Schedule">What was replayed.</param>
/// <param name="Findings">What the run showed.</param>
/// <param name="Divergence">Where the run left the recorded one; null where it did not.</param>
/// <param name="Decisions">The decisions that were made.</param>
public sealed record ScheduleReplay(
    Schedule Schedule, IReadOnlyList<ScheduleFinding> Findings, ReplayDivergedException? Divergence,
        IReadOnlyList<ScheduleDecision> Decisions)
{
    /// <summary>Whether the run was the recorded one, and showed what the schedule says that it shows.</summary>
    public bool IsFaithful => Divergence is null
        && (Schedule.Shows.Length == 0 ? Findings.Count == 0 : Findings.Any(finding => finding.Kind.ToString() == Schedule.Shows));

    /// <inheritdoc/>
    public override string ToString() => Divergence?.Message
        ?? (Findings.Count == 0 ? $"{Schedule.Name}: replayed, nothing found" : string.Join('\n', Findings));
}
