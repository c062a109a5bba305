using ExtShell.Engine.Inodes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>Taking and giving back the inode lock of a write; the write remembers how it is held.</summary>
internal static class InodeLocking
{
    /// <summary>Takes the lock, which is not held.</summary>
    /// <exception cref="FileSystemException">EAGAIN: the write does not wait, and the lock cannot be had now.</exception>
    public static async ValueTask LockAsync(DirectWrite write, InodeLockHold hold)
    {
        InvariantException.Require(write.Lock == InodeLockHold.None, "the inode lock is taken once");
        if (write.IsNoWait)
            Try(write.Inode, hold);
        else if (hold == InodeLockHold.Shared)
            await write.Inode.Lock.LockSharedAsync();
        else
            await write.Inode.Lock.LockExclusiveAsync();
        write.Lock = hold;
    }

    /// <summary>Waits until no direct I/O of the inode is in flight; the lock is held exclusively.</summary>
    /// <exception cref="FileSystemException">EAGAIN: the write does not wait, and one is.</exception>
    public static async ValueTask WaitForDirectAsync(DirectWrite write)
    {
        if (write.IsNoWait && write.Inode.InFlightCount > 0)
            throw WouldWait(write.Inode, "direct I/O is in flight");
        await write.Inode.WaitForDirectAsync();
    }

    /// <summary>What a write that does not wait fails with.</summary>
    public static FileSystemException WouldWait(Inode inode, string why) => new(Errno.EAGAIN, $"write of inode {inode.Number}", why);

    /// <summary>Turns the exclusive hold into a shared one.</summary>
    public static void Downgrade(DirectWrite write)
    {
        InvariantException.Require(write.Lock == InodeLockHold.Exclusive, "an exclusive hold is downgraded");
        write.Inode.Lock.Downgrade();
        write.Lock = InodeLockHold.Shared;
    }

    private static void Try(Inode inode, InodeLockHold hold)
    {
        if (!(hold == InodeLockHold.Shared ? inode.Lock.TryLockShared() : inode.Lock.TryLockExclusive()))
            throw WouldWait(inode, "its lock is held");
    }

    /// <summary>Gives it back, if it is held.</summary>
    public static void Unlock(DirectWrite write)
    {
        if (write.Lock == InodeLockHold.Shared)
            write.Inode.Lock.UnlockShared();
        else if (write.Lock == InodeLockHold.Exclusive)
            write.Inode.Lock.UnlockExclusive();
        write.Lock = InodeLockHold.None;
    }
}
