using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Looking;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>The superblock of a mounted volume, or of an image file that is not mounted: what dumpe2fs -h shows.</summary>
[Cmdlet(VerbsCommon.Get, "Superblock", DefaultParameterSetName = "Volume")]
[OutputType(typeof(SuperBlockView))]
public sealed class GetSuperblock : ExtCmdlet
{
    /// <summary>The mounted volume; also by its number.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Volume", ValueFromPipeline = true)]
    [VolumeArgument(OnlyNumbers = true)]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public Volume Volume { get; set; } = null!;

    /// <summary>The image file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Volume")
            InvokeOn(Volume, Volume, () => Volume.GetSuperBlock());
        else
            Invoke(Path, () => WriteObject(SuperBlockView.OfImage(HostPath(Path))));
    }
}
