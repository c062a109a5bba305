namespace ExtShell.Lab.Scheduling;

/// <summary>One decision of a schedule: what was on offer, and what was picked.</summary>
/// <param name="Pick">The index of what was picked.</param>
/// <param name="Choices">What was on offer, in the machine's order.</param>
public sealed record ScheduleDecision(int Pick, IReadOnlyList<ScheduleActor> Choices)
{
    /// <summary>Who was picked.</summary>
    public ScheduleActor Picked => Choices[Pick];

    /// <summary>As schedules are written: <c>t3 of t1 t3 io7</c>.</summary>
    public override string ToString() => $"{Picked} of {string.Join(' ', Choices)}";

    /// <inheritdoc/>
    public bool Equals(ScheduleDecision? other) => other is not null && Pick == other.Pick && Choices.SequenceEqual(other.Choices);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pick, Choices.Count, Choices.Count > 0 ? Choices[0] : default);
}
