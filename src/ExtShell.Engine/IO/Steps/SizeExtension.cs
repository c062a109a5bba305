using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;

namespace ExtShell.Engine.IO.Steps;

/// <summary>Raising the sizes of a file whose data is on the device. The inode lock is held exclusively.</summary>
internal static class SizeExtension
{
    /// <summary>Whether the end of what is written directly lies beyond one of the sizes.</summary>
    public static bool IsNeeded(DirectWrite write) => IsBeyond(write.Inode, write.DirectEndBytes);

    /// <summary>Whether a byte lies beyond one of the sizes.</summary>
    public static bool IsBeyond(Inode inode, long endBytes) => endBytes > inode.SizeBytes || endBytes > inode.DiskSizeBytes;

    /// <summary>
    /// Raises both sizes to the write's end where they are below it, and takes the inode off the orphan list, in one transaction.
    /// </summary>
    public static async ValueTask RaiseBothAsync(IoContext io, DirectWrite write)
    {
        Handle handle = await io.Journal.StartAsync(io.Inodes.Orphans.CreditsToRemove + Inode.CreditsToStoreSize, "extend size");
        try
        {
            RaiseInMemory(write);
            if (write.DirectEndBytes > write.Inode.DiskSizeBytes)
                write.Inode.DiskSizeBytes = write.DirectEndBytes;
            write.Inode.MarkDirty(handle);
            OrphanProtection.Remove(io, handle, write);
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    /// <summary>Raises only what readers see.</summary>
    public static void RaiseInMemory(DirectWrite write)
    {
        if (write.DirectEndBytes > write.Inode.SizeBytes)
            write.Inode.SizeBytes = write.DirectEndBytes;
    }

    /// <summary>
    /// As <see cref="RaiseBothAsync"/> without the lock that keeps the sizes still: what is stored was judged before somebody else had his
    /// turn.
    /// </summary>
    public static async ValueTask RaiseBothUnlockedAsync(IoContext io, DirectWrite write)
    {
        Handle handle = await io.Journal.StartAsync(io.Inodes.Orphans.CreditsToRemove + Inode.CreditsToStoreSize, "extend size");
        try
        {
            Inode inode = write.Inode;
            (bool raisesSize, bool raisesDiskSize) = (write.DirectEndBytes > inode.SizeBytes, write.DirectEndBytes > inode.DiskSizeBytes);
            await io.Machine.Yield("between reading and storing the sizes, unlocked");
            if (raisesSize)
                inode.SizeBytes = write.DirectEndBytes;
            if (raisesDiskSize)
                inode.DiskSizeBytes = write.DirectEndBytes;
            inode.MarkDirty(handle);
            OrphanProtection.Remove(io, handle, write);
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    /// <summary>Stores the in-memory size as the disk size: what an extending write begins with, and recovery truncates to.</summary>
    public static async ValueTask StoreDiskSizeAsync(IoContext io, Inode inode)
    {
        if (inode.DiskSizeBytes == inode.SizeBytes)
            return;
        Handle handle = await io.Journal.StartAsync(Inode.CreditsToStoreSize, "store disk size");
        try
        {
            await inode.MappingLock.LockExclusiveAsync();
            inode.DiskSizeBytes = inode.SizeBytes;
            inode.MarkDirty(handle);
            inode.MappingLock.UnlockExclusive();
        }
        finally
        {
            await handle.StopAsync();
        }
    }
}
