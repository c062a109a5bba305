using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// What a write changes of its inode before it touches data: set-user-ID and set-group-ID go where the caller may not keep them
/// (CAP_FSETID), and the times are set. Set-group-ID without the group's execute bit means something else, and stays.
/// </summary>
internal static class Privileges
{
    /// <summary>Takes privileges away, and sets the times.</summary>
    /// <exception cref="Format.Errors.FileSystemException">The journal could not take the change.</exception>
    public static async ValueTask UpdateAsync(IoContext io, DirectWrite write)
    {
        InodeMode lost = write.LosesPrivileges ? LostBy(write.Inode) : InodeMode.None;
        if (lost != InodeMode.None)
            await RemoveAsync(io, write.Inode, lost);
        await Timestamps.UpdateAsync(io, write.Inode);
    }

    private static InodeMode LostBy(Inode inode)
    {
        InodeMode lost = inode.Mode & InodeMode.SetUserId;
        return (inode.Mode & InodeMode.GroupExecute) != 0 ? lost | (inode.Mode & InodeMode.SetGroupId) : lost;
    }

    private static async ValueTask RemoveAsync(IoContext io, Inode inode, InodeMode lost)
    {
        Handle handle = await io.Journal.StartAsync(1, "strip privileges");
        try
        {
            inode.Mode &= ~lost;
            inode.ChangeTime = inode.Now();
            inode.MarkDirty(handle);
        }
        finally
        {
            await handle.StopAsync();
        }
    }
}
