using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Brings a volume back to a checkpoint, and mounts it anew; what was done since is lost.</summary>
/// <remarks>
/// The object of the volume as it was is unmounted; go on with the one that is returned. Its write log begins at the checkpoint. A
/// checkpoint can be restored any number of times.
/// </remarks>
[Cmdlet(VerbsData.Restore, "Volume", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class RestoreVolume : ExtCmdlet
{
    /// <summary>The checkpoint.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public VolumeCheckpoint Checkpoint { get; set; } = null!;

    /// <summary>
    /// The volume that stands on the storage now, where it is not the one of which the checkpoint was taken: after another restore.
    /// </summary>
    [Parameter]
    [VolumeArgument]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public Volume? Volume { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        Volume current = Volume ?? Checkpoint.Volume;
        if (ShouldProcess(current.ToString(), $"Bring back to {Checkpoint}"))
            InvokeOn(current, Checkpoint, () => VolumeRegistry.Replace(current, Checkpoint.Restore(current)));
    }
}
