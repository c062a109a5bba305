using System.Management.Automation;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;
using ExtShell.Scripting.Contracts;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>The extents of a file: where its blocks are, and whether they are written; shown below a map of the file.</summary>
/// <remarks>
/// In the map W is a written block, u an unwritten one, a point a hole; past the end of the file X is a written block, p an unwritten one.
/// Each extent carries the map as its property Map, whose Letters have no colour.
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
        var map = FileMap.Of(file);
        var drawing = new ExtentDrawing(map);
        return [.. map.Extents.Select(extent => Shown(extent, drawing))];
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
