using System.Management.Automation;

namespace ExtShell.PowerShell.Binding;

/// <summary>
/// What the searches share: they run beside the pipeline, show how far they are, stop at once, and leave their report to Get-SearchReport.
/// </summary>
public abstract class SearchCmdlet : ExtCmdlet, IDisposable
{
    /// <summary>The activity of a search; those within it are its children.</summary>
    protected const int SearchActivity = 1;

    /// <summary>The activity of shrinking what a search found.</summary>
    protected const int ShrinkActivity = 2;

    private readonly SearchPump _pump = new();

    /// <summary>Ends at the first finding.</summary>
    [Parameter]
    public SwitchParameter StopAtFirst { get; set; }

    /// <summary>Streams findings as they are found, instead of returning the report.</summary>
    [Parameter]
    public SwitchParameter Finding { get; set; }

    /// <summary>Ends the search: Ctrl+C, or a pipeline that has enough.</summary>
    protected CancellationToken Cancellation => _pump.Cancellation;

    /// <summary>Runs a search.</summary>
    /// <param name="search">The search, made on a thread of its own.</param>
    /// <param name="isReport">Whether Get-SearchReport shall have what comes of it.</param>
    protected T Search<T>(Func<T> search, bool isReport = true)
        where T : class
    {
        try
        {
            return _pump.Run(search, isReport ? SearchReports.Keep : static _ => { });
        }
        finally
        {
            if (!Stopping)
                EndProgress();
        }
    }

    /// <summary>Writes a finding, from the thread of the search.</summary>
    protected void Stream(object finding) => _pump.Say(() => WriteObject(finding));

    /// <summary>Shows how far the search is, from its thread.</summary>
    protected void Show(int activity, string what, string status, double share) => _pump.Say(() => WriteProgress(
        new ProgressRecord(activity, what, status)
        {
            PercentComplete = (int)Math.Clamp(share * 100, 0, 100),
            ParentActivityId = activity == SearchActivity ? -1 : SearchActivity,
        }));

    /// <inheritdoc/>
    protected override void StopProcessing() => _pump.Stop();

    /// <summary>Frees what stopping needs.</summary>
    public void Dispose() => _pump.Dispose();

    private void EndProgress()
    {
        foreach (int activity in new[] { ShrinkActivity, SearchActivity })
            WriteProgress(new ProgressRecord(activity, "Searching", "done") { RecordType = ProgressRecordType.Completed });
    }
}
