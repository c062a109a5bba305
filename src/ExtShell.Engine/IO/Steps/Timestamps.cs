using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// Content and change time of a file that is about to be written. Linux's times move in ticks: within one tick nothing is journalled.
/// </summary>
internal static class Timestamps
{
    /// <summary>Sets both times to now, under a handle of its own, unless they say so already.</summary>
    public static async ValueTask UpdateAsync(IoContext io, Inode inode)
    {
        io.Faults.BeforePrivileges(inode);
        await StoreAsync(io, inode);
    }

    /// <summary>As <see cref="UpdateAsync"/>, where no failure is met any more.</summary>
    public static async ValueTask StoreAsync(IoContext io, Inode inode)
    {
        Timestamp now = inode.Now();
        if (inode.ModifyTime == now && inode.ChangeTime == now)
            return;
        Handle handle = await io.Journal.StartAsync(1, "update times");
        inode.ModifyTime = inode.ChangeTime = inode.Now();
        inode.MarkDirty(handle);
        await handle.StopAsync();
    }
}
