using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.IO;

/// <summary>setattr without the size, FS_IOC_SETFLAGS and xattrs: permissions, owner, times, flags, extended attributes.</summary>
/// <remarks>
/// (1) The inode lock is held exclusively, and each change is one handle: a crash shows all of it or nothing.
/// (2) Immutable files and those that may only be appended to keep their attributes; only "touch" still goes for the latter, and only the
/// flags lead out of it.
/// (3) A new owner takes set-user-ID away, set-group-ID where the group may execute, and security.capability; not of directories.
/// (4) A file that becomes immutable is written back first, and no direct I/O is in flight.
/// (5) A change of a flag that is no user's to set on this type of file is refused; so are those that Linux can make and the engine cannot,
/// because they change how data is kept: data journalled for one file, migration of maps, DAX by file, case folding.
/// </remarks>
public sealed partial class AttributeChange
{
    /// <summary>The flags that users may set: EXT4_FL_USER_MODIFIABLE, without what (5) refuses.</summary>
    public const InodeFlags Settable = InodeFlags.SecureDeletion | InodeFlags.Undelete | InodeFlags.Compressed | InodeFlags.Synchronous
        | InodeFlags.Immutable | InodeFlags.AppendOnly | InodeFlags.NoDump | InodeFlags.NoAccessTime | InodeFlags.NoTailMerge
        | InodeFlags.DirectorySync | InodeFlags.TopDirectory | InodeFlags.ProjectInherit;

    private const InodeFlags OfDirectories = InodeFlags.DirectorySync | InodeFlags.TopDirectory | InodeFlags.ProjectInherit;
    private const InodeFlags OfAll = InodeFlags.NoDump | InodeFlags.NoAccessTime;
    private const InodeFlags KeepAttributes = InodeFlags.Immutable | InodeFlags.AppendOnly;

    private readonly IoContext _io;
    private readonly WriteBack _writeBack;

    internal AttributeChange(IoContext io, WriteBack writeBack) => (_io, _writeBack) = (io, writeBack);

    /// <summary>chmod: sets the permissions, set-ID and sticky bits.</summary>
    /// <exception cref="FileSystemException">EPERM: immutable, or append-only.</exception>
    public ValueTask SetModeAsync(Inode inode, InodeMode permissions) => ChangeAsync(inode, "chmod", KeepAttributes, _ =>
    {
        inode.Mode = inode.Type | (permissions & InodeMode.PermissionMask);
        inode.HasNewSecurity |= (permissions & (InodeMode.SetUserId | InodeMode.SetGroupId)) != 0;
    });

    /// <summary>chown: sets owner and group; what is null stays.</summary>
    /// <exception cref="FileSystemException">EPERM: immutable; append-only, unless both stay.</exception>
    public ValueTask SetOwnerAsync(Inode inode, uint? owner, uint? group) =>
        ChangeAsync(inode, "chown", owner is null && group is null ? InodeFlags.Immutable : KeepAttributes,
            handle => SetOwner(handle, inode, owner, group));

    /// <summary>utimensat: sets the times of access and of content.</summary>
    /// <exception cref="FileSystemException">EPERM: immutable; append-only, unless both become the time of the call.</exception>
    public ValueTask SetTimesAsync(Inode inode, NewTime accessed, NewTime modified)
    {
        if (accessed.IsKept && modified.IsKept)
            return default;
        InodeFlags forbidding = accessed.IsNow && modified.IsNow ? InodeFlags.Immutable : KeepAttributes; // (2)
        bool hasExtra = _io.Volume.Geometry.InodeSizeBytes > InodeRecord.ShortSizeBytes;
        return ChangeAsync(inode, "utimes", forbidding, _ =>
        {
            inode.AccessTime = accessed.Resolve(inode.Now(), inode.AccessTime, hasExtra);
            inode.ModifyTime = modified.Resolve(inode.Now(), inode.ModifyTime, hasExtra);
        });
    }

    /// <summary>chattr: adds flags and takes flags away.</summary>
    /// <exception cref="FileSystemException">
    /// EOPNOTSUPP: a flag that is no user's, not of this type of file, or that the engine cannot change; EPERM: immutable, and stays so.
    /// </exception>
    public async ValueTask ChangeFlagsAsync(Inode inode, InodeFlags add, InodeFlags remove)
    {
        await inode.Lock.LockExclusiveAsync(); // (1)
        try
        {
            InodeFlags before = inode.Flags;
            InodeFlags after = (before | add) & ~remove;
            CheckFlags(inode, before, after);
            if (inode.IsRegular && (after & ~before & InodeFlags.Immutable) != 0)
                await SettleAsync(inode); // (4)
            await StoreAsync(inode, "chattr", _ => inode.Flags = after);
        }
        finally
        {
            inode.Lock.UnlockExclusive();
        }
    }

    private void SetOwner(Handle handle, Inode inode, uint? owner, uint? group)
    {
        inode.Owner = owner ?? inode.Owner;
        inode.Group = group ?? inode.Group;
        if (inode.IsDirectory)
            return;
        InodeMode lost = InodeMode.SetUserId | ((inode.Mode & InodeMode.GroupExecute) != 0 ? InodeMode.SetGroupId : InodeMode.None);
        inode.Mode &= ~lost; // (3)
        if (_io.Inodes.Attributes.HasCapability(inode))
            _io.Inodes.Attributes.Remove(handle, inode, AttributeName.Capability);
    }

    private static void CheckFlags(Inode inode, InodeFlags before, InodeFlags after)
    {
        InodeFlags changed = before ^ after;
        InodeFlags ofType = inode.IsDirectory ? Settable : inode.IsRegular ? Settable & ~OfDirectories : OfAll;
        string what = $"chattr {inode}";
        if ((changed & ~ofType) != 0)
            throw new FileSystemException(Errno.EOPNOTSUPP, what, $"{changed & ~ofType} cannot be changed here"); // (5)
        if ((before & after & InodeFlags.Immutable) != 0 && changed != 0)
            throw new FileSystemException(Errno.EPERM, what, "it is immutable");
    }

    private async ValueTask SettleAsync(Inode inode)
    {
        await inode.WaitForDirectAsync();
        if (inode.HasDirtyPages)
            await _writeBack.WriteAndWaitAsync(inode, 0, long.MaxValue);
    }

    private async ValueTask ChangeAsync(Inode inode, string operation, InodeFlags forbidding, Action<Handle> change)
    {
        await inode.Lock.LockExclusiveAsync(); // (1)
        try
        {
            if ((inode.Flags & forbidding) != 0) // (2)
                throw new FileSystemException(Errno.EPERM, $"{operation} {inode}", "it is immutable, or may only be appended to");
            await StoreAsync(inode, operation, change);
        }
        finally
        {
            inode.Lock.UnlockExclusive();
        }
    }

    private async ValueTask StoreAsync(Inode inode, string operation, Action<Handle> change)
    {
        Handle handle = await _io.Journal.StartAsync(ExtendedAttributes.CreditsToChange, operation);
        try
        {
            handle.IsSync |= inode.IsSynchronous;
            change(handle);
            inode.ChangeTime = inode.Now();
            inode.MarkDirty(handle);
        }
        finally
        {
            await handle.StopAsync();
        }
    }
}
