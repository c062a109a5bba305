using System.Management.Automation;
using ExtShell.Engine.Volumes;

namespace ExtShell.PowerShell.Binding;

/// <summary>Parameters of the cmdlets that work on a file of a volume: the volume from the pipeline, the path first by position.</summary>
public abstract class VolumeFileCmdlet : ExtCmdlet
{
    /// <summary>The mounted volume.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public Volume Volume { get; set; } = null!;

    /// <summary>The file's path inside the volume, such as <c>/log</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    public string Path { get; set; } = "";
}
