using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>syncfs: everything that was written and acknowledged is durable when it returns.</summary>
[Cmdlet("Sync", "Volume")]
[OutputType(typeof(Volume))]
public sealed class SyncVolume : VolumeCmdlet
{
    /// <summary>Passes the volume on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Volume, Volume, () =>
    {
        Volume.Sync();
        return PassThru ? Volume : null;
    });
}
