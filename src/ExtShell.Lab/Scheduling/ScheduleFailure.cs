using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scheduling;

/// <summary>What a run showed, before it is known which schedule shows it first.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="Message">What is wrong, in one line.</param>
internal readonly record struct ScheduleFailure(ScheduleFindingKind Kind, string Message)
{
    /// <summary>More lines.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    public Violation? Violation { get; init; }

    public CrashFinding? Crash { get; init; }

    public Exception? Exception { get; init; }

    /// <summary>What two runs that show the same have in common.</summary>
    public object Key => Violation is null
        ? (Kind, Message)
        : (Kind, Violation.Kind, Violation.Rule, Violation.Path, Violation.OffsetBytes);
}
