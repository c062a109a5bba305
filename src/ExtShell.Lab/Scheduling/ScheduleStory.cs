namespace ExtShell.Lab.Scheduling;

/// <summary>
/// A schedule, told step by step: who runs, what it had waited for, which calls begin and return, what is submitted to the device
/// and what ends, and how it ends.
/// A star marks preemptions.
/// </summary>
/// <param name="Schedule">What is told.</param>
/// <param name="Lines">The lines, in order.</param>
/// <param name="Findings">What the run showed.</param>
public sealed record ScheduleStory(Schedule Schedule, IReadOnlyList<ScheduleStoryLine> Lines, IReadOnlyList<ScheduleFinding> Findings)
{
    /// <summary>The story as lines of plain text.</summary>
    public IEnumerable<string> ToLines()
    {
        yield return $"{Schedule.Name}: {Schedule.Decisions.Count} decisions, {Schedule.Preemptions} of them preemptions";
        foreach (ScheduleStoryLine line in Lines)
            yield return line.ToString();
        foreach (ScheduleFinding finding in Findings)
        {
            yield return $"==> {finding.Kind}: {finding.Message}";
            foreach (string detail in finding.Details)
                yield return "    " + detail;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', ToLines());
}
