using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Unmounts a volume: everything is written, the journal is empty, the image file is closed.</summary>
[Cmdlet(VerbsData.Dismount, "Volume")]
public sealed class DismountVolume : ExtCmdlet
{
    /// <summary>The volume.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Volume Volume { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Volume, () => VolumeRegistry.Release(Volume));
}
