using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// Makes the decisions that a schedule recorded, and makes sure that the same choices are on offer. Where the recorded decisions
/// end, it takes the first choice.
/// </summary>
/// <remarks>
/// (1) Where the schedule says what actors were about to do, that is compared too. (2) So are then the steps where there was only one
/// choice: before each decision they are as many; behind the last one there may be more, and fewer of a run that never ends: it ends
/// by the bounds of its search.
/// </remarks>
/// <param name="schedule">What was recorded.</param>
public sealed class ReplayStrategy(Schedule schedule) : IScheduleStrategy
{
    private int _onlyChoices; // met since the last decision

    /// <summary>How many of the recorded decisions were made.</summary>
    public int Made { get; private set; }

    /// <summary>Where the run left the recorded one; null where it did not.</summary>
    public ReplayDivergedException? Divergence { get; private set; }

    /// <inheritdoc/>
    public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
    {
        if (MissingOnlyChoice() is { } missing)
            Diverge(machine, missing, choices);
        if (Made >= schedule.Decisions.Count)
        {
            _onlyChoices = schedule.After.Count;
            return 0;
        }

        ScheduleDecision decision = schedule.Decisions[Made];
        if (!IsSame(decision, choices))
            Diverge(machine, null, choices);
        Made++;
        _onlyChoices = 0;
        return Divergence is null ? decision.Pick : 0;
    }

    /// <summary>Compares a step where only one thing can happen. (2)</summary>
    internal void OnOnlyChoice(Machine machine, in Choice choice)
    {
        IReadOnlyList<ScheduleMove> recorded = OnlyChoices();
        bool isCompared = IsBehind ? _onlyChoices < recorded.Count : schedule.Decisions[Made].Kinds.Count > 0;
        if (!isCompared)
            return;
        ScheduleMove? expected = _onlyChoices < recorded.Count ? recorded[_onlyChoices] : null;
        if (expected != ScheduleMove.Of(choice))
            Diverge(machine, expected, [choice]);
        _onlyChoices++;
    }

    /// <summary>Notes that the run is over: what was recorded and not made is a divergence too.</summary>
    /// <param name="isByBound">Whether a bound ended it, and not the run itself.</param>
    internal void End(bool isByBound)
    {
        ScheduleMove? missing = isByBound && IsBehind ? null : MissingOnlyChoice(); // (2)
        if (!IsBehind || missing is not null)
            Divergence ??= DivergenceAt(missing, []);
    }

    private bool IsBehind => Made >= schedule.Decisions.Count;

    private IReadOnlyList<ScheduleMove> OnlyChoices() => IsBehind ? schedule.After : schedule.Decisions[Made].Before;

    private ScheduleMove? MissingOnlyChoice() => _onlyChoices < OnlyChoices().Count ? OnlyChoices()[_onlyChoices] : null;

    private static bool IsSame(ScheduleDecision decision, ReadOnlySpan<Choice> choices)
    {
        bool isSame = choices.Length == decision.Choices.Count;
        for (int i = 0; isSame && i < choices.Length; i++)
        {
            var move = ScheduleMove.Of(choices[i]);
            isSame = move.Actor == decision.Choices[i] && (decision.Kinds.Count == 0 || move.Kind == decision.Kinds[i]); // (1)
        }

        return isSame;
    }

    private void Diverge(Machine machine, ScheduleMove? recorded, ReadOnlySpan<Choice> choices)
    {
        var offered = new List<string>();
        foreach (Choice choice in choices)
            offered.Add($"{ScheduleMove.Of(choice)} ({choice.Describe()})");
        Divergence ??= DivergenceAt(recorded, offered);
        machine.Stop(Divergence);
    }

    private ReplayDivergedException DivergenceAt(ScheduleMove? onlyChoice, IReadOnlyList<string> offered) =>
        new(Made + 1, IsBehind ? null : schedule.Decisions[Made], onlyChoice, offered);
}
