using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>msync with MS_SYNC: what was stored in the range is durable when it returns.</summary>
[Cmdlet("Sync", "Mapped")]
[OutputType(typeof(FileMapping))]
public sealed class SyncMapped : ExtCmdlet
{
    /// <summary>The mapping.</summary>
    [Parameter(Mandatory = true, Position = 9, ValueFromPipeline = true)]
    public FileMapping Mapping { get; set; } = null!;

    /// <summary>Where in the file, in bytes; the mapping's begin, without it.</summary>
    [Parameter(Position = 0)]
    [Size]
    public long? Offset { get; set; }

    /// <summary>How much, in bytes; to the mapping's end, without it.</summary>
    [Parameter(Position = 1)]
    [Size]
    public long? Length { get; set; }

    /// <summary>Passes the mapping on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Mapping.Volume, Mapping, () =>
    {
        long offset = Offset ?? Mapping.OffsetBytes;
        Mapping.Sync(offset, Length ?? Mapping.OffsetBytes + Mapping.LengthBytes - offset);
        return PassThru ? Mapping : null;
    });
}
