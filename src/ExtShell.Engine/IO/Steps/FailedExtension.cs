using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// What an extending write leaves when it failed: blocks past the size that hold nothing, and the inode on the orphan list. Both are
/// undone.
/// </summary>
internal static class FailedExtension
{
    /// <summary>Truncates what lies past the in-memory size and takes the inode off the list. The inode lock is held exclusively.</summary>
    public static async ValueTask CleanAsync(IoContext io, DirectWrite write)
    {
        if (write.Error != Errno.None)
            await io.Inodes.Truncation.ToSizeAsync(write.Inode);
        if (!write.IsOnOrphanList)
            return;
        Handle handle = await io.Journal.StartAsync(io.Inodes.Orphans.CreditsToRemove, "failed extension");
        try
        {
            OrphanProtection.Remove(io, handle, write);
        }
        finally
        {
            await handle.StopAsync();
        }
    }
}
