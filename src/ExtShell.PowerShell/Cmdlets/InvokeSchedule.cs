using System.Management.Automation;
using ExtShell.Lab.Scheduling;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Replays a schedule, and says whether the run was the recorded one and showed what it had shown.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Schedule")]
[OutputType(typeof(ScheduleReplay))]
public sealed class InvokeSchedule : ExtCmdlet
{
    /// <summary>The schedule: an object, the finding that it shows, its text, or the file that holds it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ScheduleArgument]
    public Schedule Schedule { get; set; } = null!;

    /// <summary>Explores the crash states too, as the search that found it did.</summary>
    [Parameter]
    public SwitchParameter CrashState { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(
        Schedule, () => WriteObject(ScheduleSearch.Replay(Schedule,
            new ScheduleOptions { ExploresCrashStates = CrashState || Schedule.Shows == nameof(ScheduleFindingKind.BrokenPromise) })));
}
