using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Unmounts a volume: everything is written, the journal is empty, the image file is closed.</summary>
[Cmdlet(VerbsData.Dismount, "Volume", SupportsShouldProcess = true)]
public sealed class DismountVolume : VolumeCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ShouldProcess(Volume.ToString(), "Unmount"))
            Invoke(Volume, () => VolumeRegistry.Release(Volume));
    }
}
