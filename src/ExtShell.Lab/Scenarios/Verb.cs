namespace ExtShell.Lab.Scenarios;

/// <summary>What an operation of a scenario does.</summary>
public enum Verb
{
    /// <summary>Makes a regular file and opens it as <see cref="Operation.File"/>.</summary>
    Create,

    /// <summary>Opens a file or directory as <see cref="Operation.File"/>.</summary>
    Open,

    /// <summary>Closes it.</summary>
    Close,

    /// <summary>Makes a directory.</summary>
    Mkdir,

    /// <summary>Removes an empty directory.</summary>
    Rmdir,

    /// <summary>Gives a file a second name.</summary>
    Link,

    /// <summary>Removes a name.</summary>
    Unlink,

    /// <summary>Gives a file or directory another name; what has that name is replaced.</summary>
    Rename,

    /// <summary>Makes a symbolic link.</summary>
    Symlink,

    /// <summary>Makes a fifo, socket or device.</summary>
    Mknod,

    /// <summary>Sets an extended attribute.</summary>
    SetXattr,

    /// <summary>Takes an extended attribute away.</summary>
    RemoveXattr,

    /// <summary>Sets permissions.</summary>
    Chmod,

    /// <summary>Sets owner and group.</summary>
    Chown,

    /// <summary>Sets the times of access and of content.</summary>
    Utimes,

    /// <summary>Adds inode flags, or takes them away.</summary>
    Chattr,

    /// <summary>Asks for mode, owner, size, flags and times.</summary>
    Stat,

    /// <summary>Writes around the page cache.</summary>
    WriteDirect,

    /// <summary>Submits a direct write and goes on; <see cref="Operation.Io"/> names it.</summary>
    StartDirect,

    /// <summary>Waits for a write that was started.</summary>
    WaitDirect,

    /// <summary>Reads around the page cache.</summary>
    ReadDirect,

    /// <summary>Writes to the page cache.</summary>
    WriteBuffered,

    /// <summary>Reads through the page cache.</summary>
    ReadBuffered,

    /// <summary>Maps a range of a file into memory; <see cref="Operation.Mapping"/> names it.</summary>
    Map,

    /// <summary>Loads from a mapping.</summary>
    MapRead,

    /// <summary>Stores into a mapping.</summary>
    MapWrite,

    /// <summary>msync with MS_SYNC.</summary>
    MapSync,

    /// <summary>Takes a mapping away.</summary>
    Unmap,

    /// <summary>Reserves blocks.</summary>
    Fallocate,

    /// <summary>Frees a range.</summary>
    PunchHole,

    /// <summary>Makes a range read as zeroes, allocated.</summary>
    ZeroRange,

    /// <summary>Takes a range out of the file.</summary>
    CollapseRange,

    /// <summary>Puts a range into the file.</summary>
    InsertRange,

    /// <summary>Sets the size.</summary>
    Truncate,

    /// <summary>fsync.</summary>
    Fsync,

    /// <summary>fdatasync.</summary>
    Fdatasync,

    /// <summary>Syncs the volume.</summary>
    Sync,

    /// <summary>Writes dirty pages back, as the kernel does by itself by and by.</summary>
    WriteBack,

    /// <summary>Commits the running transaction, as the journal does by itself every few seconds.</summary>
    Commit,

    /// <summary>Makes something fail: <see cref="Operation.Injection"/>.</summary>
    Inject,

    /// <summary>Drops what memory pressure would.</summary>
    DropCaches,

    /// <summary>Shuts the volume down at once.</summary>
    Shutdown,

    /// <summary>Unmounts the volume; it may be mounted again.</summary>
    Unmount,

    /// <summary>Mounts it again; files must be opened again.</summary>
    Mount,

    /// <summary>
    /// Lets every I/O in flight end and every worker finish. Only between threads' other operations of a scenario with one thread.
    /// </summary>
    Settle,
}
