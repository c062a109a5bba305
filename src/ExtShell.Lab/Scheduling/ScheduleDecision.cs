namespace ExtShell.Lab.Scheduling;

/// <summary>One decision of a schedule: what was on offer, and what was picked.</summary>
/// <param name="Pick">The index of what was picked.</param>
/// <param name="Choices">What was on offer, in the machine's order.</param>
public sealed record ScheduleDecision(int Pick, IReadOnlyList<ScheduleActor> Choices)
{
    /// <summary>What each of the choices would have done; empty in a schedule that was kept without it.</summary>
    public IReadOnlyList<ScheduleStepKind> Kinds { get; init; } = [];

    /// <summary>The steps since the decision before, where only one thing could happen; recorded where <see cref="Kinds"/> is.</summary>
    public IReadOnlyList<ScheduleMove> Before { get; init; } = [];

    /// <summary>Who was picked.</summary>
    public ScheduleActor Picked => Choices[Pick];

    /// <summary>As schedules are written: <c>t3 of t1:yield t3:lock io7:end</c>, or without what they would do.</summary>
    public override string ToString() => $"{Picked} of {string.Join(' ', Choices.Select(Word))}";

    /// <inheritdoc/>
    public bool Equals(ScheduleDecision? other) => other is not null && Pick == other.Pick && Choices.SequenceEqual(other.Choices)
        && Kinds.SequenceEqual(other.Kinds) && Before.SequenceEqual(other.Before);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pick, Choices.Count, Choices.Count > 0 ? Choices[0] : default);

    private string Word(ScheduleActor actor, int index) =>
        Kinds.Count == 0 ? actor.ToString() : new ScheduleMove(actor, Kinds[index]).ToString();
}
