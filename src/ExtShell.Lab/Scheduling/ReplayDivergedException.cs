namespace ExtShell.Lab.Scheduling;

/// <summary>
/// A replay met other choices than were recorded: the run is not the recorded one any more, or was not a function of its inputs.
/// </summary>
public sealed class ReplayDivergedException : Exception
{
    internal ReplayDivergedException(
        int decision, ScheduleDecision? recorded, ScheduleMove? onlyChoice, IReadOnlyList<string> offered)
        : base(Say(decision, recorded, onlyChoice, offered)) =>
        (Decision, Recorded, OnlyChoice, Offered) = (decision, recorded, onlyChoice, offered);

    /// <summary>The number of the decision, from 1; behind the last one, the number that the next would have.</summary>
    public int Decision { get; }

    /// <summary>What was recorded there; null behind the last decision.</summary>
    public ScheduleDecision? Recorded { get; }

    /// <summary>
    /// The step before that decision, with only one choice, that was recorded and not met; null where it is not about one.
    /// </summary>
    public ScheduleMove? OnlyChoice { get; }

    /// <summary>What is on offer there, in words; empty where the run ended before.</summary>
    public IReadOnlyList<string> Offered { get; }

    private static string Say(int decision, ScheduleDecision? recorded, ScheduleMove? onlyChoice, IReadOnlyList<string> offered)
    {
        string now = offered.Count == 0 ? "the run has ended" : "on offer are " + string.Join("; ", offered);
        string where = onlyChoice is null ? "at" : "before";
        return $"not deterministic: {where} decision {decision} '{onlyChoice?.ToString() ?? recorded?.ToString()}' was recorded, and {now}";
    }
}
