namespace ExtShell.Lab.Scheduling;

/// <summary>
/// A replay met other choices than were recorded: the run is not the recorded one any more, or was not a function of its inputs.
/// </summary>
public sealed class ReplayDivergedException : Exception
{
    internal ReplayDivergedException(int decision, ScheduleDecision? recorded, IReadOnlyList<string> offered)
        : base(Say(decision, recorded, offered)) => (Decision, Recorded, Offered) = (decision, recorded, offered);

    /// <summary>The number of the decision, from 1.</summary>
    public int Decision { get; }

    /// <summary>What was recorded there.</summary>
    public ScheduleDecision? Recorded { get; }

    /// <summary>What is on offer there, in words; empty where the run ended before.</summary>
    public IReadOnlyList<string> Offered { get; }

    private static string Say(int decision, ScheduleDecision? recorded, IReadOnlyList<string> offered)
    {
        string now = offered.Count == 0 ? "the run has ended" : "on offer are " + string.Join("; ", offered);
        return $"not deterministic: at decision {decision} '{recorded}' was recorded, and {now}";
    }
}
