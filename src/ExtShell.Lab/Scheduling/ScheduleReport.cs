using System.Numerics;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scheduling;

/// <summary>What a search of schedules saw.</summary>
public sealed class ScheduleReport
{
    private readonly Dictionary<object, ScheduleFinding> _byKey = [];
    private readonly List<ScheduleFinding> _findings = [];

    internal ScheduleReport(string name, ScheduleOptions options) => (Name, Strategy) = (name, options.Strategy);

    /// <summary>The name of the scenario or program.</summary>
    public string Name { get; }

    /// <summary>How schedules were chosen.</summary>
    public SearchStrategy Strategy { get; }

    /// <summary>How many schedules were run.</summary>
    public long Schedules { get; internal set; }

    /// <summary>How many of them differ in what the device was asked, and what callers asked and were told, in which order.</summary>
    public long Distinct { get; internal set; }

    /// <summary>How many runs an exhaustive search gave up midway, since what they would have shown had been seen.</summary>
    public long Redundant { get; internal set; }

    /// <summary>How many schedules were cut short by <see cref="ScheduleOptions.MostSteps"/>.</summary>
    public long CutShort { get; internal set; }

    /// <summary>
    /// How many schedules were made fair (<see cref="ScheduleOptions.FairSteps"/>): what is decided from there on is not varied.
    /// </summary>
    public long MadeFair { get; internal set; }

    /// <summary>How many decisions were made.</summary>
    public long Decisions { get; internal set; }

    /// <summary>How many steps ran: decisions, and steps where only one thing could happen.</summary>
    public long Steps { get; internal set; }

    /// <summary>How many leaves of crash explorations were visited.</summary>
    public long Leaves { get; internal set; }

    /// <summary>How many crash states the leaves stand for.</summary>
    public BigInteger CrashStates { get; internal set; }

    /// <summary>How many crash explorations ended at <see cref="ScheduleOptions.MostLeaves"/>.</summary>
    public long CrashSearchesCutShort { get; internal set; }

    /// <summary>
    /// Whether the search ended because there was nothing more to see: every schedule up to commuting steps, or, of a preemption-bounded
    /// search, every schedule within the bound. Schedules that were cut short or made fair count against it, crash explorations
    /// that were cut short do not.
    /// </summary>
    public bool IsExhaustive { get; internal set; }

    /// <summary>Whether it ended by cancellation.</summary>
    public bool IsCancelled { get; internal set; }

    /// <summary>What was found, in the order of the schedules that showed it first.</summary>
    public IReadOnlyList<ScheduleFinding> Findings => _findings;

    /// <summary>Whether nothing was found.</summary>
    public bool IsClean => _findings.Count == 0;

    /// <summary>The line that says how much was seen.</summary>
    public string Summary
    {
        get
        {
            string end = IsExhaustive ? ", exhaustively" : IsCancelled ? " (cancelled)" : "";
            string cuts = Leaves == 0
                ? ""
                : FormattableString.Invariant($"; {CallText.Count(Leaves, "crash outcome")} standing for {CrashStates:N0} states");
            string verdict = IsClean ? "nothing found" : CallText.Count(_findings.Count, "finding");
            string size = FormattableString.Invariant(
                $"{CallText.Count(Schedules, "schedule")} ({Distinct:N0} distinct, {Steps:N0} steps, {Strategy})");
            return $"{Name}: {size}{end}{cuts}: {verdict}";
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', [Summary, .. _findings.Select(finding => "  " + finding)]);

    /// <summary>Adds what a run showed; the finding is new if it is not null.</summary>
    internal ScheduleFinding? Add(in ScheduleFailure failure, Func<Schedule> schedule)
    {
        bool isNew = !_byKey.TryGetValue(failure.Key, out ScheduleFinding? finding);
        if (isNew)
        {
            _byKey.Add(failure.Key, finding = new ScheduleFinding(failure, schedule(), Schedules));
            _findings.Add(finding);
        }

        finding!.Schedules++;
        return isNew ? finding : null;
    }
}
