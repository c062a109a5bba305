using System.Management.Automation;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Visits every state that the disk can be in after a power cut at every instant since the volume was mounted; recovers, checks and judges
/// each by what callers were promised. Returns the report; with -Finding the findings alone, as they are found.
/// </summary>
[Cmdlet(VerbsCommon.Search, "CrashState")]
[OutputType(typeof(CrashReport), typeof(CrashFinding))]
public sealed class SearchCrashState : DeviceModelCmdlet, IProgress<ExploreProgress>, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Ends at the first broken promise.</summary>
    [Parameter]
    public SwitchParameter StopAtFirst { get; set; }

    /// <summary>Streams findings instead of returning the report.</summary>
    [Parameter]
    public SwitchParameter Finding { get; set; }

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
        if (!Finding)
            WriteObject(report);
    });

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
