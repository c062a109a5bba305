using System.Management.Automation;
using ExtShell.Engine.Journal;
using ExtShell.Lab.Looking;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>What the journal holds on the device now: its transactions, and the blocks of which they hold copies.</summary>
[Cmdlet(VerbsCommon.Get, "Journal")]
[OutputType(typeof(JournalSurvey), typeof(JournalTransaction))]
public sealed class GetJournal : VolumeCmdlet
{
    /// <summary>Returns the transactions.</summary>
    [Parameter]
    public SwitchParameter Transaction { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        InvokeOn(Volume, Volume, () => Transaction ? Volume.GetJournal().Transactions : Volume.GetJournal(), enumerates: true);
}
