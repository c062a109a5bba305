using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// A run's decisions, with the scenario that they were made in: what replays it. Its text is a small file; <see cref="ToText"/> and
/// <see cref="Parse"/> are
/// each other's inverse.
/// </summary>
public sealed record Schedule
{
    /// <summary>The name of the scenario or program.</summary>
    public required string Name { get; init; }

    /// <summary>The scenario: volume, mount with protocol and switches, device, operations. Null for a program of one's own.</summary>
    public Scenario? Scenario { get; init; }

    /// <summary>What chose the schedule, for people.</summary>
    public string Origin { get; init; } = "";

    /// <summary>What it shows: a kind of finding, or nothing.</summary>
    public string Shows { get; init; } = "";

    /// <summary>The decisions, in order. Where they end, the first choice is taken.</summary>
    public IReadOnlyList<ScheduleDecision> Decisions { get; init; } = [];

    /// <summary>The steps behind the last decision, where only one thing could happen; empty where they were not kept.</summary>
    public IReadOnlyList<ScheduleMove> After { get; init; } = [];

    /// <summary>How many of the decisions are preemptions: see <see cref="PreemptionMeasure"/>.</summary>
    public int Preemptions => PreemptionMeasure.Count(this);

    /// <summary>The text form.</summary>
    public string ToText() => ScheduleText.Write(this);

    /// <summary>Reads the text form.</summary>
    /// <exception cref="ScheduleFormatException">It is malformed; says in which line.</exception>
    public static Schedule Parse(string text) => ScheduleText.Parse(text);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Decisions.Count} decisions, {Preemptions} preemptions";
}
