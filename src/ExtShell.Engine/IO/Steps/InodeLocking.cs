using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>Taking and giving back the inode lock of a write; the write remembers how it is held.</summary>
internal static class InodeLocking
{
    /// <summary>Takes the lock, which is not held.</summary>
    public static async ValueTask LockAsync(DirectWrite write, InodeLockHold hold)
    {
        InvariantException.Require(write.Lock == InodeLockHold.None, "the inode lock is taken once");
        if (hold == InodeLockHold.Shared)
            await write.Inode.Lock.LockSharedAsync();
        else
            await write.Inode.Lock.LockExclusiveAsync();
        write.Lock = hold;
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
