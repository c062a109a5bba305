using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// Makes the decisions that a schedule recorded, and makes sure that the same choices are on offer. Where the recorded decisions
/// end, it takes the first choice.
/// </summary>
/// <param name="schedule">What was recorded.</param>
public sealed class ReplayStrategy(Schedule schedule) : IScheduleStrategy
{
    /// <summary>How many of the recorded decisions were made.</summary>
    public int Made { get; private set; }

    /// <summary>Where the run left the recorded one; null where it did not.</summary>
    public ReplayDivergedException? Divergence { get; private set; }

    /// <inheritdoc/>
    public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
    {
        if (Made >= schedule.Decisions.Count)
            return 0;
        ScheduleDecision decision = schedule.Decisions[Made++];
        bool isSame = choices.Length == decision.Choices.Count;
        for (int i = 0; isSame && i < choices.Length; i++)
            isSame = ScheduleActor.Of(choices[i]) == decision.Choices[i];
        if (isSame)
            return decision.Pick;
        var offered = new List<string>();
        foreach (Choice choice in choices)
            offered.Add($"{ScheduleActor.Of(choice)} ({choice.Describe()})");
        Divergence ??= new ReplayDivergedException(Made, decision, offered);
        machine.Stop(Divergence);
        return 0;
    }

    /// <summary>Notes that the run is over: decisions that were not made are a divergence too.</summary>
    internal void End()
    {
        if (Divergence is null && Made < schedule.Decisions.Count)
            Divergence = new ReplayDivergedException(Made + 1, schedule.Decisions[Made], []);
    }
}
