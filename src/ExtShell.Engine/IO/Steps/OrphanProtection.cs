using ExtShell.Engine.Journal;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// The orphan list around an extending write: blocks past the size may commit before the size does, so recovery must know that it has to
/// truncate the inode to its disk size.
/// </summary>
internal static class OrphanProtection
{
    /// <summary>Puts the write's inode on the list, under a handle of its own.</summary>
    public static async ValueTask AddAsync(IoContext io, DirectWrite write)
    {
        Handle handle = await io.Journal.StartAsync(io.Inodes.Orphans.CreditsToAdd, "orphan, extending write");
        try
        {
            io.Inodes.Orphans.Add(handle, write.Inode);
            write.IsOnOrphanList = true;
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    /// <summary>Takes it off again, under the handle that raised the size; an unlinked inode stays.</summary>
    public static void Remove(IoContext io, Handle handle, DirectWrite write)
    {
        if (!write.IsOnOrphanList)
            return;
        if (write.Inode.LinksCount > 0)
            io.Inodes.Orphans.Remove(handle, write.Inode);
        write.IsOnOrphanList = false;
    }
}
