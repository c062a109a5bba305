using ExtShell.Engine.IO;

namespace ExtShell.Engine.Volumes;

/// <summary>
/// How a file is opened: the flags of <c>open(2)</c>. Direct or buffered is chosen by each call, so there is no flag for it.
/// </summary>
[Flags]
public enum OpenOptions
{
    /// <summary>O_RDWR: an existing file, for reading and writing.</summary>
    None = 0,
    /// <summary>O_RDONLY: writing through the handle is EBADF.</summary>
    ReadOnly = 1,
    /// <summary>O_CREAT: makes the file where there is none.</summary>
    Create = 2,
    /// <summary>O_EXCL with O_CREAT: EEXIST where there is one.</summary>
    Exclusive = 4,
    /// <summary>O_TRUNC: cuts the file to nothing.</summary>
    Truncate = 8,
    /// <summary>O_DSYNC: every write of the handle is <see cref="SyncKind.DataSync"/> at least.</summary>
    DataSync = 16,
    /// <summary>O_SYNC: every write of the handle is <see cref="SyncKind.Sync"/>.</summary>
    Sync = 32,
    /// <summary>O_APPEND: every write of the handle goes to the end of the file, which is looked up under the inode lock.</summary>
    Append = 64,
}
