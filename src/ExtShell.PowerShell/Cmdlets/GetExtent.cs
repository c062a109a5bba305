using System.Management.Automation;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>The extents of a file: where its blocks are, and whether they are written; shown below a map of the file.</summary>
/// <remarks>
/// In the map W is a written block, u an unwritten one, a point a hole; what lies past the end of the file stands behind a bar. Each extent carries the map
/// as its property Map, whose Letters have no colour.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "Extent")]
[OutputType(typeof(BlockMapping))]
public sealed class GetExtent : VolumeFileCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Volume, Path, Extents, enumerates: true);

    private PSObject[] Extents()
    {
        using FileHandle file = Volume.Open(Path, OpenOptions.ReadOnly);
        IReadOnlyList<BlockMapping> extents = file.GetExtents();
        var map = new ExtentDrawing(file, extents);
        return [.. extents.Select(extent => Shown(extent, map))];
    }

    private PSObject Shown(BlockMapping extent, ExtentDrawing map)
    {
        var shown = new PSObject(extent);
        shown.Properties.Add(new PSNoteProperty("Map", map));
        shown.Properties.Add(new PSNoteProperty("Volume", Volume));
        shown.Properties.Add(new PSNoteProperty("InnerPath", Path));
        return shown;
    }
}
