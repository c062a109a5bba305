namespace ExtShell.Format.OnDisk;

/// <summary>
/// Type and permissions of an inode (<c>i_mode</c>; <c>inode(7)</c>). Not named after .NET's FileMode, with which every file would
/// confuse it.
/// </summary>
[Flags]
public enum InodeMode : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>S_IXOTH.</summary>
    OtherExecute = 0x0001,

    /// <summary>S_IWOTH.</summary>
    OtherWrite = 0x0002,

    /// <summary>S_IROTH.</summary>
    OtherRead = 0x0004,

    /// <summary>S_IXGRP.</summary>
    GroupExecute = 0x0008,

    /// <summary>S_IWGRP.</summary>
    GroupWrite = 0x0010,

    /// <summary>S_IRGRP.</summary>
    GroupRead = 0x0020,

    /// <summary>S_IXUSR.</summary>
    UserExecute = 0x0040,

    /// <summary>S_IWUSR.</summary>
    UserWrite = 0x0080,

    /// <summary>S_IRUSR.</summary>
    UserRead = 0x0100,

    /// <summary>S_ISVTX.</summary>
    Sticky = 0x0200,

    /// <summary>S_ISGID.</summary>
    SetGroupId = 0x0400,

    /// <summary>S_ISUID.</summary>
    SetUserId = 0x0800,

    /// <summary>All bits that are no type.</summary>
    PermissionMask = 0x0FFF,

    /// <summary>S_IFIFO.</summary>
    Fifo = 0x1000,

    /// <summary>S_IFCHR.</summary>
    CharacterDevice = 0x2000,

    /// <summary>S_IFDIR.</summary>
    Directory = 0x4000,

    /// <summary>S_IFBLK.</summary>
    BlockDevice = 0x6000,

    /// <summary>S_IFREG.</summary>
    Regular = 0x8000,

    /// <summary>S_IFLNK.</summary>
    SymbolicLink = 0xA000,

    /// <summary>S_IFSOCK.</summary>
    Socket = 0xC000,

    /// <summary>S_IFMT.</summary>
    TypeMask = 0xF000,
}
