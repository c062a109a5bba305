using System.Management.Automation;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Waits until direct writes are acknowledged, and closes their handles.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Direct")]
[OutputType(typeof(PendingDirect))]
public sealed class WaitDirect : ExtCmdlet
{
    /// <summary>The writes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public PendingDirect[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (PendingDirect pending in InputObject)
        {
            InvokeOn(pending.Volume, pending, () =>
            {
                using (pending.File)
                    pending.File.WaitDirect(pending.Io);
                return pending;
            });
        }
    }
}
