using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>What a new inode shall be.</summary>
/// <param name="Mode">Type and permissions.</param>
/// <param name="Owner">The owner's id.</param>
/// <param name="Group">The group's id; a parent directory with the set-group-ID bit overrides it, as on Linux.</param>
public readonly record struct NewInode(InodeMode Mode, uint Owner = 0, uint Group = 0)
{
    /// <summary>The path that a symbolic link holds.</summary>
    public ReadOnlyMemory<byte> LinkTarget { get; init; }

    /// <summary>What a device file stands for.</summary>
    public DeviceNumber Device { get; init; }

    /// <summary>Whether it keeps something in blocks: files, directories, and links whose path is too long for the inode.</summary>
    public bool HasMap => (Mode & InodeMode.TypeMask) is InodeMode.Regular or InodeMode.Directory
        || LinkTarget.Length >= InodeRecord.BlockSizeBytes;
}
