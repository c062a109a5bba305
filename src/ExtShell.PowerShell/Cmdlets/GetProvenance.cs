using System.Management.Automation;
using ExtShell.Lab.Looking;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Where the bytes of a file came from, stretch by stretch: which call wrote them, or what the block held before.</summary>
[Cmdlet(VerbsCommon.Get, "Provenance")]
[OutputType(typeof(ByteOrigin))]
public sealed class GetProvenance : VolumeFileCmdlet
{
    /// <summary>Where in the file, in bytes.</summary>
    [Parameter(Position = 1)]
    [Size]
    public long Offset { get; set; }

    /// <summary>How much, in bytes; to the end, without it.</summary>
    [Parameter(Position = 2)]
    [Size]
    public long Length { get; set; } = long.MaxValue;

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Volume, Path, () => Volume.GetProvenance(Path, Offset, Length), enumerates: true);
}
