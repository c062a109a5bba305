using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Format.OnDisk;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Makes a directory, an empty file, a second name for a file, a symbolic link, or a special file.</summary>
[Cmdlet(VerbsCommon.New, "VolumeItem", SupportsShouldProcess = true)]
[OutputType(typeof(Volume))]
public sealed class NewVolumeItem : ChangeCmdlet
{
    /// <summary>What is made: Directory, File, HardLink, SymbolicLink, Fifo, Socket, CharacterDevice or BlockDevice.</summary>
    [Parameter(Position = 1)]
    [Alias("Type")]
    public VolumeItemType ItemType { get; set; } = VolumeItemType.File;

    /// <summary>Of a hard link: the path of the file that gets the name; of a symbolic link: the path that it holds.</summary>
    [Parameter(Position = 2)]
    [ArgumentCompleter(typeof(InnerPathCompleter))]
    public string Target { get; set; } = "";

    /// <summary>Of a device: its major number.</summary>
    [Parameter]
    public uint Major { get; set; }

    /// <summary>Of a device: its minor number.</summary>
    [Parameter]
    public uint Minor { get; set; }

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
            case VolumeItemType.SymbolicLink:
                Volume.Symlink(Target, Path);
                break;
            case VolumeItemType.Fifo or VolumeItemType.Socket or VolumeItemType.CharacterDevice or VolumeItemType.BlockDevice:
                Volume.Mknod(
                    Path, Enum.Parse<InodeMode>(ItemType.ToString()) | Volume.DefaultFilePermissions, new DeviceNumber(Major, Minor));
                break;
            default:
                Volume.Create(Path).Close();
                break;
        }
    });
}
