using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>What a schedule showed, with the schedule that shows it.</summary>
public sealed class ScheduleFinding
{
    internal ScheduleFinding(in ScheduleFailure failure, Schedule schedule, long number)
    {
        Kind = failure.Kind;
        Message = failure.Message;
        Details = failure.Details;
        Violation = failure.Violation;
        Crash = failure.Crash;
        Exception = failure.Exception;
        Schedule = schedule;
        Number = number;
    }

    /// <summary>What kind.</summary>
    public ScheduleFindingKind Kind { get; }

    /// <summary>What is wrong, in one line.</summary>
    public string Message { get; }

    /// <summary>More lines: who waits for whom, the cycle of a livelock, the threads of a starvation.</summary>
    public IReadOnlyList<string> Details { get; }

    /// <summary>
    /// The broken promise of a <see cref="ScheduleFindingKind.WrongRead"/>, <see cref="ScheduleFindingKind.LostUpdate"/> or
    /// <see cref="ScheduleFindingKind.BrokenPromise"/>.
    /// </summary>
    public Violation? Violation { get; }

    /// <summary>The crash finding of a <see cref="ScheduleFindingKind.BrokenPromise"/>: cut, choices, image.</summary>
    public CrashFinding? Crash { get; }

    /// <summary>The exception that ended the run, if one did.</summary>
    public Exception? Exception { get; }

    /// <summary>The schedule that shows it; it replays to the same.</summary>
    public Schedule Schedule { get; }

    /// <summary>The scenario; null for a program of one's own.</summary>
    public Scenario? Scenario => Schedule.Scenario;

    /// <summary>How many decisions the schedule has.</summary>
    public int Steps => Schedule.Decisions.Count;

    /// <summary>The number of the schedule that showed it first, from 1 in the order of the search.</summary>
    public long Number { get; }

    /// <summary>How many schedules showed it, of those that could be told apart.</summary>
    public long Schedules { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Message} (schedule {Number}, {Steps} decisions)";
}
