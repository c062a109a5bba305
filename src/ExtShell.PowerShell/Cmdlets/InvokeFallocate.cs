using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Reserves blocks for a range of a file, as fallocate(2); makes the file where there is none.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Fallocate", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class InvokeFallocate : VolumeFileCmdlet
{
    /// <summary>Where the range begins, in bytes.</summary>
    [Parameter(Position = 1)]
    [Size]
    public long Offset { get; set; }

    /// <summary>How long it is, in bytes.</summary>
    [Parameter(Mandatory = true, Position = 2)]
    [Size]
    public long Length { get; set; }

    /// <summary>Leaves the file's size as it is.</summary>
    [Parameter]
    public SwitchParameter KeepSize { get; set; }

    /// <summary>Passes the volume on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        if (ShouldProcess(Path, $"Reserve {Length} bytes at {Offset}"))
        {
            using FileHandle file = Volume.Open(Path, OpenOptions.Create);
            file.Fallocate(Offset, Length, keepSize: KeepSize);
        }

        if (PassThru)
            WriteObject(Volume);
    });
}
