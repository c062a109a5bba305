using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes;

/// <summary>What <c>stat(2)</c> answers.</summary>
/// <param name="Inode">The inode's number.</param>
/// <param name="Generation">The inode's generation: distinguishes two files that had the same number one after the other.</param>
/// <param name="Mode">File type and permissions, as in <c>st_mode</c>.</param>
/// <param name="Links">How many names the inode has.</param>
/// <param name="Owner">The owner's id.</param>
/// <param name="Group">The group's id.</param>
/// <param name="SizeBytes">The size that readers see now, in bytes.</param>
/// <param name="AllocatedBytes">What is allocated to the inode, its tree blocks included, in bytes (<c>st_blocks</c> times 512).</param>
/// <param name="AccessedUnixNanoseconds">The last access, nanoseconds since 1970.</param>
/// <param name="ModifiedUnixNanoseconds">The last change of the content.</param>
/// <param name="ChangedUnixNanoseconds">The last change of the inode.</param>
public readonly record struct InodeStatus(
    uint Inode,
    uint Generation,
    InodeMode Mode,
    int Links,
    uint Owner,
    uint Group,
    long SizeBytes,
    long AllocatedBytes,
    long AccessedUnixNanoseconds,
    long ModifiedUnixNanoseconds,
    long ChangedUnixNanoseconds)
{
    /// <summary>The inode's flags, as <c>lsattr</c> shows them.</summary>
    public InodeFlags Flags { get; init; }

    /// <summary>What a device file stands for; of others 0:0.</summary>
    public DeviceNumber Device { get; init; }

    /// <summary>When it was made, nanoseconds since 1970; 0 where the inode has no room for it.</summary>
    public long CreatedUnixNanoseconds { get; init; }

    /// <summary>Whether it is a directory (S_IFDIR).</summary>
    public bool IsDirectory => (Mode & InodeMode.TypeMask) == InodeMode.Directory;

    /// <summary>Whether it is a regular file (S_IFREG).</summary>
    public bool IsRegularFile => (Mode & InodeMode.TypeMask) == InodeMode.Regular;

    /// <summary>Whether it is a symbolic link (S_IFLNK).</summary>
    public bool IsSymbolicLink => (Mode & InodeMode.TypeMask) == InodeMode.SymbolicLink;
}
