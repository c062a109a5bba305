using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// What a write changes of its inode before it touches data: privileges go, and the times are set (file_modified). Set-user-ID goes where
/// the caller is not root; so does set-group-ID where the group may execute, or where the caller is not in the group. security.capability
/// goes whoever writes.
/// </summary>
internal static class Privileges
{
    /// <summary>Takes privileges away, and sets the times.</summary>
    /// <exception cref="Format.Errors.FileSystemException">The journal could not take the change.</exception>
    public static ValueTask UpdateAsync(IoContext io, DirectWrite write) => UpdateAsync(io, write.Inode, write.Caller);

    /// <summary>
    /// Whether a write may have to take privileges away, as far as can be told without knowing who writes (Linux: not S_NOSEC).
    /// </summary>
    public static bool MayChange(IoContext io, Inode inode) =>
        inode.HasNewSecurity || (inode.Mode & InodeMode.SetUserId) != 0
        || (inode.Mode & (InodeMode.SetGroupId | InodeMode.GroupExecute)) == (InodeMode.SetGroupId | InodeMode.GroupExecute)
        || io.Inodes.Attributes.HasCapability(inode);

    /// <summary>Takes privileges away, and sets the times. The inode lock is held.</summary>
    /// <exception cref="Format.Errors.FileSystemException">The journal could not take the change.</exception>
    public static async ValueTask UpdateAsync(IoContext io, Inode inode, Caller caller)
    {
        io.Faults.BeforePrivileges(inode);
        await StripAsync(io, inode, caller);
        await Timestamps.StoreAsync(io, inode);
    }

    /// <summary>Takes privileges away. The inode lock is held.</summary>
    /// <exception cref="Format.Errors.FileSystemException">The journal could not take the change.</exception>
    public static async ValueTask StripAsync(IoContext io, Inode inode, Caller caller)
    {
        inode.HasNewSecurity = false;
        InodeMode lost = LostBy(inode, caller);
        bool hasCapability = inode.IsRegular && io.Inodes.Attributes.HasCapability(inode);
        if (lost == InodeMode.None && !hasCapability)
            return;
        Handle handle = await io.Journal.StartAsync(ExtendedAttributes.CreditsToChange, "strip privileges");
        try
        {
            if (hasCapability)
                io.Inodes.Attributes.Remove(handle, inode, AttributeName.Capability);
            inode.Mode &= ~lost;
            inode.ChangeTime = inode.Now();
            inode.MarkDirty(handle);
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    private static InodeMode LostBy(Inode inode, Caller caller)
    {
        if (caller.IsRoot || !inode.IsRegular)
            return InodeMode.None;
        InodeMode lost = inode.Mode & InodeMode.SetUserId;
        bool losesGroup = (inode.Mode & InodeMode.GroupExecute) != 0 || caller.GroupId != inode.Group;
        return losesGroup ? lost | (inode.Mode & InodeMode.SetGroupId) : lost;
    }
}
