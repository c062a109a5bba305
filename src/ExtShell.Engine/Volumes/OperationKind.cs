namespace ExtShell.Engine.Volumes;

/// <summary>The calls that a volume and its files answer.</summary>
public enum OperationKind
{
    /// <summary><see cref="Volume.Create"/>: makes a regular file; the result is the handle's number.</summary>
    Create,
    /// <summary><see cref="Volume.Open"/>: the result is the handle's number.</summary>
    Open,
    /// <summary><see cref="FileHandle.Close"/>.</summary>
    Close,
    /// <summary><see cref="Volume.Mkdir"/>.</summary>
    Mkdir,
    /// <summary><see cref="Volume.Rmdir"/>.</summary>
    Rmdir,
    /// <summary><see cref="Volume.Link"/>.</summary>
    Link,
    /// <summary><see cref="Volume.Unlink"/>.</summary>
    Unlink,
    /// <summary><see cref="Volume.Rename"/>.</summary>
    Rename,
    /// <summary><see cref="Volume.Symlink"/>.</summary>
    Symlink,
    /// <summary><see cref="Volume.Mknod"/>.</summary>
    Mknod,
    /// <summary><see cref="Volume.SetXattr"/>.</summary>
    SetXattr,
    /// <summary><see cref="Volume.RemoveXattr"/>.</summary>
    RemoveXattr,
    /// <summary><see cref="Volume.Chmod"/>.</summary>
    Chmod,
    /// <summary><see cref="Volume.Chown"/>.</summary>
    Chown,
    /// <summary><see cref="Volume.SetTimes"/>.</summary>
    SetTimes,
    /// <summary><see cref="Volume.Chattr"/>.</summary>
    Chattr,
    /// <summary>
    /// <see cref="Volume.Stat"/>. The volume does not tell it, as many look; who wants it on record does: the result is what was seen, as
    /// text.
    /// </summary>
    Stat,
    /// <summary><see cref="FileHandle.WriteDirect"/>: the result is the count of bytes.</summary>
    WriteDirect,
    /// <summary>
    /// <see cref="FileHandle.StartDirect"/>: returns at submission, is acknowledged at completion with the count of bytes.
    /// </summary>
    StartDirect,
    /// <summary><see cref="FileHandle.WaitDirect"/>: the result is that of the write it waited for.</summary>
    WaitDirect,
    /// <summary><see cref="FileHandle.ReadDirect(long, int)"/>: the result is the count of bytes.</summary>
    ReadDirect,
    /// <summary><see cref="FileHandle.WriteBuffered"/>: the result is the count of bytes.</summary>
    WriteBuffered,
    /// <summary><see cref="FileHandle.ReadBuffered(long, int)"/>: the result is the count of bytes.</summary>
    ReadBuffered,
    /// <summary><see cref="FileHandle.Map"/>: the result is the mapping's number.</summary>
    Map,
    /// <summary><see cref="FileMapping.Read(long, int)"/>: the result is the count of bytes that lay inside the file.</summary>
    MapRead,
    /// <summary><see cref="FileMapping.Write"/>: the result is the count of bytes that lay inside the file.</summary>
    MapWrite,
    /// <summary><see cref="FileMapping.Sync"/>: msync with MS_SYNC.</summary>
    MapSync,
    /// <summary><see cref="FileMapping.Unmap"/>.</summary>
    Unmap,
    /// <summary><see cref="FileHandle.Fallocate"/>.</summary>
    Fallocate,
    /// <summary><see cref="FileHandle.Truncate"/>.</summary>
    Truncate,
    /// <summary><see cref="FileHandle.Sync"/>: fsync, or fdatasync.</summary>
    SyncFile,
    /// <summary><see cref="Volume.Sync"/>: syncfs.</summary>
    SyncVolume,
    /// <summary><see cref="Volume.Unmount"/>.</summary>
    Unmount,
    /// <summary><see cref="Volume.Shutdown"/>.</summary>
    Shutdown,
}
