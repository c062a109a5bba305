using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Searches the schedules of a scenario: who goes on at each place where several could. Finds wrong reads, lost updates, deadlocks,
/// livelocks, and with -CrashState broken promises after a power cut. Returns the report; with -Finding the findings, as they are found;
/// with -Story the first one, shrunk and told.
/// </summary>
/// <remarks>
/// What is found replays: pipe a finding to Invoke-Schedule, or step into it with Enter-Schedule. Ctrl+C stops at once, and
/// Get-SearchReport has what was seen until then.
/// </remarks>
[Cmdlet(VerbsCommon.Search, "Schedule")]
[OutputType(typeof(ScheduleReport), typeof(ScheduleFinding), typeof(ScheduleStory), typeof(ScheduleShrinkResult))]
public sealed class SearchSchedule : SearchCmdlet, IProgress<ScheduleProgress>, IProgress<ShrinkProgress>
{
    /// <summary>The scenario: an object, its text, or the file that holds it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ScenarioArgument]
    public Scenario Scenario { get; set; } = null!;

    /// <summary>How schedules are chosen: Random, Pct, PreemptionBounded or Exhaustive.</summary>
    [Parameter(Position = 1)]
    public SearchStrategy Strategy { get; set; } = SearchStrategy.Random;

    /// <summary>The protocol, instead of the scenario's.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ProtocolCompleter))]
    public string? Protocol { get; set; }

    /// <summary>The protocol's defects that are turned on, instead of the scenario's.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SwitchCompleter))]
    public string[]? Switch { get; set; }

    /// <summary>What chance is derived from: the same seed, the same schedules.</summary>
    [Parameter]
    public ulong Seed { get; set; } = 1;

    /// <summary>The most schedules that are run.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long MostSchedules { get; set; } = ScheduleOptions.Default.MostSchedules;

    /// <summary>Of a preemption-bounded search: the most preemptions.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int PreemptionBound { get; set; } = ScheduleOptions.Default.PreemptionBound;

    /// <summary>Of probabilistic concurrency testing: how many ordering constraints the bug needs.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Depth { get; set; } = ScheduleOptions.Default.PctDepth;

    /// <summary>Explores the crash states of each schedule too.</summary>
    [Parameter]
    public SwitchParameter CrashState { get; set; }

    /// <summary>The most leaves of one schedule's crash exploration.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long MostLeaves { get; set; } = ScheduleOptions.Default.MostLeaves;

    /// <summary>How many schedules run side by side; 0 for one on each core. What is reported does not depend on it.</summary>
    [Parameter]
    [ValidateRange(0, 1024)]
    public int Workers { get; set; }

    /// <summary>
    /// Returns, instead of the report, the story of the first finding, told on the smallest scenario and schedule that still show it.
    /// </summary>
    [Parameter]
    public SwitchParameter Story { get; set; }

    /// <summary>
    /// Returns, instead of the report, the first finding made small: its Finding has the smallest scenario and schedule that still show it.
    /// </summary>
    [Parameter]
    public SwitchParameter Shrink { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Scenario, () =>
    {
        var options = new ScheduleOptions
        {
            Strategy = Strategy,
            Seed = Seed,
            MostSchedules = MostSchedules,
            PreemptionBound = PreemptionBound,
            PctDepth = Depth,
            ExploresCrashStates = CrashState,
            MostLeaves = MostLeaves,
            StopsAtFirstFinding = StopAtFirst,
            Workers = Workers,
            OnFinding = Finding ? Stream : null,
            Progress = this,
            Cancellation = Cancellation,
        };
        Scenario scenario = Scenario with { Mount = Mount(Scenario.Mount) };
        ScheduleReport report = Search(() => ScheduleSearch.Run(scenario, options));
        WriteVerbose(report.Summary);
        if ((Story || Shrink) && !report.IsClean)
            WriteShrunk(report.Findings[0], options);
        else if (!Finding && !Story && !Shrink)
            WriteObject(report);
    });

    private void WriteShrunk(ScheduleFinding finding, ScheduleOptions options)
    {
        options = options with { OnFinding = null, Progress = null };
        var shrink = new ShrinkOptions { Cancellation = Cancellation, Progress = this };
        ScheduleShrinkResult shrunk = Search(() => finding.Shrink(options, shrink), isReport: false);
        WriteVerbose($"shrunk in {shrunk.Runs} runs to {shrunk.Finding.Steps} decisions:\n{shrunk.Finding.Schedule.ToText()}");
        if (Shrink)
            WriteObject(shrunk);
        if (Story)
            WriteObject(shrunk.Finding.Tell(options));
    }

    /// <inheritdoc/>
    void IProgress<ShrinkProgress>.Report(ShrinkProgress value) => Show(
        ShrinkActivity, "Shrinking", FormattableString.Invariant($"{value.Operations} operations after {value.Runs} runs"), 0);

    private MountOptions Mount(MountOptions own) => own with { Protocol = Protocol ?? own.Protocol, Switches = Switch ?? own.Switches };

    /// <inheritdoc/>
    void IProgress<ScheduleProgress>.Report(ScheduleProgress value) => Show(
        SearchActivity,
        "Searching schedules",
        FormattableString.Invariant(
            $"{value.Schedules:N0} of {value.MostSchedules:N0} schedules, {value.Distinct:N0} distinct, {value.Findings} findings"),
        (double)value.Schedules / value.MostSchedules);
}
