using ExtShell.Engine.Journal;

namespace ExtShell.Engine.IO.Steps;

/// <summary>Raising the sizes of a file whose data is on the device. The inode lock is held exclusively.</summary>
internal static class SizeExtension
{
    /// <summary>Whether the write's end lies beyond one of the sizes.</summary>
    public static bool IsNeeded(DirectWrite write) => write.EndBytes > write.Inode.SizeBytes || write.EndBytes > write.Inode.DiskSizeBytes;

    /// <summary>
    /// Raises both sizes to the write's end where they are below it, and takes the inode off the orphan list, in one transaction.
    /// </summary>
    public static async ValueTask RaiseBothAsync(IoContext io, DirectWrite write)
    {
        Handle handle = await io.Journal.StartAsync(io.Inodes.Orphans.CreditsToRemove, "extend size");
        try
        {
            RaiseInMemory(write);
            if (write.EndBytes > write.Inode.DiskSizeBytes)
                write.Inode.DiskSizeBytes = write.EndBytes;
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
        if (write.EndBytes > write.Inode.SizeBytes)
            write.Inode.SizeBytes = write.EndBytes;
    }
}
