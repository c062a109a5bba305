using System.Management.Automation;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// The calls that were made on a volume since it was mounted, with what they were told and when: what the ledger of promises knows.
/// </summary>
[Cmdlet(VerbsCommon.Get, "CallHistory")]
[OutputType(typeof(RecordedCall))]
public sealed class GetCallHistory : VolumeCmdlet
{
    /// <summary>The number of a call; all without it.</summary>
    [Parameter(Position = 0)]
    public int? Call { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(
        Volume, Volume, () => Volume.History.Calls.Where(call => Call is null || call.Id == Call).ToArray(), enumerates: true);
}
