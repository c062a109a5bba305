using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Remembers what a volume's disk holds, for Restore-Volume; costs only what is written afterwards.</summary>
/// <remarks>A volume that can be written is synced first. The checkpoint lives as long as the volume's image is open.</remarks>
[Cmdlet(VerbsData.Checkpoint, "Volume")]
[OutputType(typeof(VolumeCheckpoint))]
public sealed class CheckpointVolume : VolumeCmdlet
{
    /// <summary>A name for people.</summary>
    [Parameter(Position = 0)]
    public string Name { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Volume, Volume, () => Volume.Checkpoint(Name));
}
