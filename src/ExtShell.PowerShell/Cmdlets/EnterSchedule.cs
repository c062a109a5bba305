using System.Management.Automation;
using ExtShell.Lab.Scheduling;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Steps into a schedule: replays it up to one of its decisions, and goes to a drive that shows what the device holds then.
/// </summary>
/// <remarks>
/// Returns the visit: the steps so far, the threads that have not ended and what they wait for, the write log and the history. The drive
/// shows every write that has ended, recovered on a copy. Exit-CrashState (Exit-Schedule) leads back.
/// </remarks>
[Cmdlet(VerbsCommon.Enter, "Schedule")]
[OutputType(typeof(ScheduleVisit))]
public sealed class EnterSchedule : EnterCmdlet
{
    /// <summary>The schedule: an object, the finding that it shows, its text, or the file that holds it.</summary>
    [Parameter(Mandatory = true, Position = 9, ValueFromPipeline = true)]
    [ScheduleArgument]
    public Schedule Schedule { get; set; } = null!;

    /// <summary>The number of the last decision that is made; the run goes to its end without it.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(0, int.MaxValue)]
    public int? Step { get; set; }

    /// <summary>Only walks, and returns the visit; makes no drive.</summary>
    [Parameter]
    public SwitchParameter NoDrive { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Schedule, () =>
    {
        var visit = ScheduleVisit.Of(Schedule, Step);
        if (!NoDrive)
            Enter(Laboratory.Mount(visit.Content.Snapshot()), "schedule", visit.ToString());
        WriteObject(visit);
    });
}
