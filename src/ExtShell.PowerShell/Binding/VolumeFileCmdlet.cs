using System.Management.Automation;
using ExtShell.Engine.Volumes;

namespace ExtShell.PowerShell.Binding;

/// <summary>Parameters of the cmdlets that work on a file of a volume: the volume from the pipeline, the path first by position.</summary>
public abstract class VolumeFileCmdlet : ExtCmdlet
{
    /// <summary>The mounted volume; also by its number, or by the name of its image file.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [VolumeArgument]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public Volume Volume { get; set; } = null!;

    /// <summary>The path inside the volume, such as <c>/log</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("InnerPath")]
    [ArgumentCompleter(typeof(InnerPathCompleter))]
    public string Path { get; set; } = "";
}
