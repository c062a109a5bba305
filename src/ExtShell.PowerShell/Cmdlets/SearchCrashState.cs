using System.Management.Automation;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Visits every state that the disk can be in after a power cut at every instant since the volume was mounted; recovers, checks and judges
/// each by what callers were promised. Returns the report; with -Finding the findings alone, as they are found; with -Story the story of the first.
/// </summary>
[Cmdlet(VerbsCommon.Search, "CrashState")]
[OutputType(typeof(CrashReport), typeof(CrashFinding), typeof(Story))]
public sealed class SearchCrashState : DeviceModelCmdlet, IProgress<ExploreProgress>, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Ends at the first broken promise.</summary>
    [Parameter]
    public SwitchParameter StopAtFirst { get; set; }

    /// <summary>Streams findings instead of returning the report.</summary>
    [Parameter]
    public SwitchParameter Finding { get; set; }

    /// <summary>Returns, instead of the report, the story of the first broken promise, told on the smallest run that still breaks it.</summary>
    [Parameter]
    public SwitchParameter Story { get; set; }

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
            Cancellation = _stopping.Token,
            OnFinding = Finding ? WriteObject : null,
        };
        CrashReport report = Volume.SearchCrashStates(Model(), options);
        WriteVerbose(report.Summary);
        if (Story && !report.IsClean)
            WriteObject(TellShrunk(report.Findings[0]));
        else if (!Finding && !Story)
            WriteObject(report);
    });

    private Story TellShrunk(CrashFinding finding)
    {
        var options = new ShrinkOptions { Cancellation = _stopping.Token };
        ShrinkResult shrunk = Volume.Shrink(finding, Model(), options);
        WriteVerbose($"shrunk to {shrunk.Scenario.OperationCount} operations in {shrunk.Runs} runs:\n{shrunk.Scenario.ToText()}");
        (ScenarioRun run, CrashReport report) = CrashSearch.Explore(shrunk.Scenario);
        return StoryTeller.Tell(run, report.Findings[0]);
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <inheritdoc/>
    void IProgress<ExploreProgress>.Report(ExploreProgress value)
    {
        int percent = value.LastCut == 0 ? 100 : (int)(100L * value.Cut / value.LastCut);
        WriteProgress(new ProgressRecord(1, "Searching crash states", FormattableString.Invariant($"cut {value.Cut} of {value.LastCut}, {value.Leaves:N0} leaves, {value.Findings} findings"))
        {
            PercentComplete = percent,
        });
    }

    /// <summary>Frees what stopping needs.</summary>
    public void Dispose() => _stopping.Dispose();
}
