using System.Management.Automation;
using ExtShell.Engine.Volumes;

namespace ExtShell.PowerShell.Binding;

/// <summary>Parameters of the cmdlets that work on a volume as a whole.</summary>
public abstract class VolumeCmdlet : ExtCmdlet
{
    /// <summary>The mounted volume; also by its number, or by the name of its image file.</summary>
    [Parameter(Mandatory = true, Position = 9, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [VolumeArgument]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public Volume Volume { get; set; } = null!;
}
