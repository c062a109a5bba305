using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Drops what memory pressure would: pages that are clean, and inodes that nobody uses. What was not written back stays.</summary>
[Cmdlet(VerbsCommon.Clear, "VolumeCache")]
[OutputType(typeof(Volume))]
public sealed class ClearVolumeCache : VolumeCmdlet
{
    /// <summary>Passes the volume on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Volume, Volume, () =>
    {
        Volume.DropCaches();
        return PassThru ? Volume : null;
    });
}
