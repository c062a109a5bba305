using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Looking;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>An inode, by path or by number: as it is stored, and as the volume has it in memory.</summary>
/// <remarks>SizeBytes is what readers see; DiskSizeBytes is what a power cut can show.</remarks>
[Cmdlet(VerbsCommon.Get, "Inode", DefaultParameterSetName = "Path")]
[OutputType(typeof(InodeView))]
public sealed class GetInode : ExtCmdlet
{
    /// <summary>The mounted volume; also by its number, or by the name of its image file.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [VolumeArgument]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public Volume Volume { get; set; } = null!;

    /// <summary>The path inside the volume.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipelineByPropertyName = true)]
    [Alias("InnerPath")]
    [ArgumentCompleter(typeof(InnerPathCompleter))]
    public string Path { get; set; } = "";

    /// <summary>The inode's number.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Number")]
    public uint[] Number { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Path")
            InvokeOn(Volume, Path, () => Volume.GetInode(Path));
        foreach (uint number in Number)
            InvokeOn(Volume, number, () => Volume.GetInode(number));
    }
}
