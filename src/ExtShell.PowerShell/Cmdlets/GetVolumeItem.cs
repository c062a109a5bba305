using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>What is at a path of a volume, or with -Children what is in a directory.</summary>
[Cmdlet(VerbsCommon.Get, "VolumeItem")]
[OutputType(typeof(VolumeItem))]
public sealed class GetVolumeItem : ExtCmdlet
{
    /// <summary>The mounted volume; also by its number, or by the name of its image file.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [VolumeArgument]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public Volume Volume { get; set; } = null!;

    /// <summary>The path inside the volume.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("InnerPath")]
    [ArgumentCompleter(typeof(InnerPathCompleter))]
    public string Path { get; set; } = "/";

    /// <summary>Returns what is in the directory.</summary>
    [Parameter]
    public SwitchParameter Children { get; set; }

    /// <summary>Returns what is in the directory, and in those below it.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(
        Volume, Path, () => Children || Recurse ? VolumeItem.In(Volume, Path, Recurse).ToArray() : VolumeItem.At(Volume, Path),
        enumerates: true);
}
