using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>fsync, or fdatasync: what was written to the file and acknowledged is durable when it returns.</summary>
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
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        using FileHandle file = Volume.Open(Path);
        file.Sync(DataOnly);
        if (PassThru)
            WriteObject(Volume);
    });
}
