using System.Management.Automation;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>The extents of a file: where its blocks are, and whether they are written.</summary>
[Cmdlet(VerbsCommon.Get, "Extent")]
[OutputType(typeof(BlockMapping))]
public sealed class GetExtent : VolumeFileCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(
        Volume,
        Path,
        () =>
        {
            using FileHandle file = Volume.Open(Path, OpenOptions.ReadOnly);
            return file.GetExtents();
        },
        enumerates: true);
}
