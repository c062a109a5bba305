using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// Extending writes of one file that are in flight side by side, their inode lock dropped: each raises the disk size when its data is
/// reachable, and the last to end takes the inode off the orphan list.
/// </summary>
/// <remarks>
/// (1) The inode is on the orphan list from before the first maps blocks until the last has ended.
/// (2) Until then nobody else raises the disk size (<see cref="Inode.DefersDiskSize"/>); what is owed is paid here, and what its own
/// conversion did not raise.
/// (3) One that failed after readers saw its end leaves zeroes there: its blocks are unwritten. The disk size follows, so that no block
/// lies past it.
/// </remarks>
internal static class ConcurrentExtension
{
    /// <summary>Begins it: on the orphan list, if that is wanted, and counted.</summary>
    public static async ValueTask BeginAsync(IoContext io, DirectWrite write, bool isProtected)
    {
        if (isProtected)
            await OrphanProtection.AddAsync(io, write); // (1)
        write.Inode.BeginExtension();
        write.IsExtension = true;
    }

    /// <summary>Ends it: raises the disk size, and takes the inode off the orphan list if no other is under way.</summary>
    /// <param name="io">The volume.</param>
    /// <param name="write">The write.</param>
    /// <param name="where">The scheduling point between comparing and storing the size, where not everybody locks; else null.</param>
    public static async ValueTask EndAsync(IoContext io, DirectWrite write, string? where)
    {
        Inode inode = write.Inode;
        long own = write.Error != Errno.None ? Math.Min(write.EndBytes, inode.SizeBytes) // (3)
            : write.HasRaisedDiskSize ? 0 : write.DirectEndBytes;
        long target = Math.Max(Leave(write), own); // (2)
        Handle handle = await io.Journal.StartAsync(io.Inodes.Orphans.CreditsToRemove + Inode.CreditsToStoreSize, "end of an extension");
        try
        {
            await inode.MappingLock.LockExclusiveAsync();
            try
            {
                bool raises = target > inode.DiskSizeBytes;
                if (raises && where is not null)
                    await io.Machine.Yield(where);
                if (raises)
                    inode.DiskSizeBytes = target;
                inode.MarkDirty(handle);
                inode.NoteTransaction(handle, isDataIntegrity: true);
                if (!inode.HasExtensions)
                    OrphanProtection.Remove(io, handle, write); // (1)
            }
            finally
            {
                inode.MappingLock.UnlockExclusive();
            }
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    /// <summary>Counts it out, and nothing else.</summary>
    /// <returns>What it owes to others.</returns>
    public static long Leave(DirectWrite write)
    {
        write.IsExtension = false;
        return write.Inode.EndExtension();
    }
}
