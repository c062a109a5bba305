using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>fsync, or fdatasync: what was written to the file and acknowledged is durable when it returns.</summary>
/// <remarks>A directory can be synced too: that makes the names in it durable.</remarks>
[Cmdlet("Sync", "File")]
[OutputType(typeof(Volume))]
public sealed class SyncFile : VolumeFileCmdlet
{
    /// <summary>fdatasync: leaves out what reading the data does not need.</summary>
    [Parameter]
    public SwitchParameter DataOnly { get; set; }

    /// <summary>Passes the volume on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Volume, Path, () =>
    {
        using FileHandle file = Volume.Open(Path, OpenOptions.ReadOnly);
        file.Sync(DataOnly);
        return PassThru ? Volume : null;
    });
}
