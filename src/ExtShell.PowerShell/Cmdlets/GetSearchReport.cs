using System.Management.Automation;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>The reports of this session's searches, the newest first: also of those that were stopped, as far as they came.</summary>
[Cmdlet(VerbsCommon.Get, "SearchReport")]
[OutputType("ExtShell.Lab.Crash.CrashReport", "ExtShell.Lab.Scheduling.ScheduleReport")]
public sealed class GetSearchReport : ExtCmdlet
{
    /// <summary>How many.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, 32)]
    public int Last { get; set; } = 1;

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(SearchReports.All.Take(Last), enumerateCollection: true);
}
