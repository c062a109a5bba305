using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Visits every state that the disk can be in after a power cut at every instant since the volume was mounted, or of a scenario; recovers,
/// checks and judges each by what callers were promised. Returns the report; with -Finding the findings alone, as they are found; with
/// -Story the story of the first; with -Shrink the smallest scenario that still shows it.
/// </summary>
/// <remarks>
/// The search is exhaustive for the device model, and says so; Ctrl+C stops it at once, and Get-SearchReport has what it saw until then.
/// </remarks>
[Cmdlet(VerbsCommon.Search, "CrashState", DefaultParameterSetName = "Volume")]
[OutputType(typeof(CrashReport), typeof(CrashFinding), typeof(Story), typeof(ShrinkResult))]
public sealed class SearchCrashState : SearchCmdlet, IProgress<ExploreProgress>, IProgress<ShrinkProgress>
{
    private const int ShrinkRuns = 400;

    /// <summary>The mounted volume; also by its number, or by the name of its image file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Volume", ValueFromPipeline = true)]
    [VolumeArgument(LeavesOtherText = true)]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public Volume Volume { get; set; } = null!;

    /// <summary>A scenario: an object, its text, or the file that holds it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Scenario", ValueFromPipeline = true)]
    [ScenarioArgument]
    public Scenario Scenario { get; set; } = null!;

    /// <summary>What is written whole or not at all, in bytes.</summary>
    [Parameter(ParameterSetName = "Volume")]
    [Size]
    public long AtomicUnit { get; set; } = 4096;

    /// <summary>What a flush covers; by default what the volume was mounted with.</summary>
    [Parameter(ParameterSetName = "Volume")]
    public BarrierMode? Barrier { get; set; }

    /// <summary>
    /// Returns, instead of the report, the story of the first broken promise, told on the smallest run that still breaks it.
    /// </summary>
    [Parameter]
    public SwitchParameter Story { get; set; }

    /// <summary>Returns, instead of the report, the smallest scenario that still breaks the first broken promise.</summary>
    [Parameter]
    public SwitchParameter Shrink { get; set; }

    /// <summary>The most leaves to visit.</summary>
    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long MostLeaves { get; set; } = long.MaxValue;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Volume, () =>
    {
        var options = new ExploreOptions
        {
            StopAtFirstViolation = StopAtFirst,
            MostLeaves = MostLeaves,
            Progress = this,
            Cancellation = Cancellation,
            OnFinding = Finding ? Stream : null,
        };
        CrashReport report = Search(() => Explore(options));
        WriteVerbose(report.Summary);
        if (report.IsClean || !(Story || Shrink))
            WriteReport(report);
        else
            WriteShrunk(report.Findings[0]);
    });

    private CrashReport Explore(ExploreOptions options)
    {
        if (ParameterSetName == "Scenario")
            return CrashSearch.Explore(Scenario, options).Report;
        lock (VolumeRegistry.GateOf(Volume))
            return Volume.SearchCrashStates(Model(), options);
    }

    private void WriteReport(CrashReport report)
    {
        if (!Finding && !Story && !Shrink)
            WriteObject(report);
    }

    private void WriteShrunk(CrashFinding finding)
    {
        var options = new ShrinkOptions { MostRuns = ShrinkRuns, Cancellation = Cancellation, Progress = this };
        ShrinkResult shrunk = Search(() => ParameterSetName == "Scenario"
            ? CrashSearch.Shrink(Scenario, finding.Violation.Kind, options)
            : Volume.Shrink(finding, Model(), options), isReport: false);
        WriteVerbose($"shrunk to {shrunk.Scenario.OperationCount} operations in {shrunk.Runs} runs:\n{shrunk.Scenario.ToText()}");
        if (Shrink)
            WriteObject(shrunk);
        if (!Story)
            return;
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(shrunk.Scenario);
        WriteObject(StoryTeller.Tell(run, report.Findings[0]));
    }

    private DeviceModel Model() =>
        new((int)Math.Clamp(AtomicUnit, 0, int.MaxValue), Barrier ?? Volume.Options.Barrier, Volume.Device.Traits.HasVolatileCache);

    /// <inheritdoc/>
    void IProgress<ExploreProgress>.Report(ExploreProgress value) => Show(
        SearchActivity,
        "Searching crash states",
        FormattableString.Invariant($"cut {value.Cut} of {value.LastCut}, {value.Leaves:N0} leaves, {value.Findings} findings"),
        value.LastCut == 0 ? 1 : (double)value.Cut / value.LastCut);

    /// <inheritdoc/>
    void IProgress<ShrinkProgress>.Report(ShrinkProgress value) => Show(
        ShrinkActivity, "Shrinking", FormattableString.Invariant($"{value.Operations} operations after {value.Runs} runs"),
        (double)value.Runs / ShrinkRuns);
}
