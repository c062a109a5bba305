using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Makes a directory, an empty file, or a second name for a file.</summary>
[Cmdlet(VerbsCommon.New, "VolumeItem", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class NewVolumeItem : ChangeCmdlet
{
    /// <summary>What is made: Directory, File or HardLink.</summary>
    [Parameter(Position = 1)]
    [Alias("Type")]
    public VolumeItemType ItemType { get; set; } = VolumeItemType.File;

    /// <summary>Of a link: the path of the file that gets the name.</summary>
    [Parameter(Position = 2)]
    [ArgumentCompleter(typeof(InnerPathCompleter))]
    public string Target { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord() => Change($"Make a {ItemType}{(Target.Length == 0 ? "" : " of " + Target)}", () =>
    {
        switch (ItemType)
        {
            case VolumeItemType.Directory:
                Volume.Mkdir(Path);
                break;
            case VolumeItemType.HardLink:
                Volume.Link(Target, Path);
                break;
            default:
                Volume.Create(Path).Close();
                break;
        }
    });
}
