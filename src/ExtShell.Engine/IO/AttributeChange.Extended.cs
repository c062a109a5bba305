using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.IO;

public sealed partial class AttributeChange
{
    /// <summary>The largest value that is looked at, bytes (XATTR_SIZE_MAX).</summary>
    public const int MaxValueBytes = 65536;

    private const int CapabilityBytes = 20;
    private const int NamespacedCapabilityBytes = 24;

    /// <summary>setxattr.</summary>
    /// <exception cref="FileSystemException">
    /// EPERM: immutable, append-only, or user. on what is neither file nor directory; EOPNOTSUPP: a prefix that is not kept; EINVAL: a name
    /// that ends with its prefix, or no capability; EEXIST, ENODATA: of the mode; ENOSPC.
    /// </exception>
    public async ValueTask SetXattrAsync(Inode inode, string fullName, byte[] value, XattrMode mode)
    {
        await inode.Lock.LockExclusiveAsync(); // (1)
        try
        {
            if (fullName == "security.capability" && !IsCapability(value))
                throw new FileSystemException(Errno.EINVAL, $"set {fullName} of {inode}", "the value is no capability");
            AttributeName name = RequireName(inode, fullName, isChange: true);
            Handle handle = await _io.Journal.StartAsync(ExtendedAttributes.CreditsToChange, "setxattr");
            try
            {
                inode.HasNewSecurity |= name.Index == XattrNameIndex.Security;
                if (_io.Inodes.Attributes.Set(handle, inode, name, value, mode))
                    Store(handle, inode);
            }
            finally
            {
                await handle.StopAsync();
            }
        }
        finally
        {
            inode.Lock.UnlockExclusive();
        }
    }

    /// <summary>removexattr.</summary>
    /// <exception cref="FileSystemException">ENODATA: there is none of that name; else as <see cref="SetXattrAsync"/>.</exception>
    public async ValueTask RemoveXattrAsync(Inode inode, string fullName)
    {
        await inode.Lock.LockExclusiveAsync(); // (1)
        try
        {
            AttributeName name = RequireName(inode, fullName, isChange: true);
            Handle handle = await _io.Journal.StartAsync(ExtendedAttributes.CreditsToChange, "removexattr");
            try
            {
                _io.Inodes.Attributes.Remove(handle, inode, name);
                Store(handle, inode);
            }
            finally
            {
                await handle.StopAsync();
            }
        }
        finally
        {
            inode.Lock.UnlockExclusive();
        }
    }

    /// <summary>getxattr.</summary>
    /// <exception cref="FileSystemException">ENODATA: there is none of that name; EOPNOTSUPP, EINVAL: it is no name.</exception>
    public byte[] GetXattr(Inode inode, string fullName)
    {
        inode.Touch(InodePart.Record, Kernel.AccessKind.Read);
        bool isAccessList = fullName is "system.posix_acl_access" or "system.posix_acl_default";
        if (!isAccessList)
            RequireName(inode, fullName, isChange: false);
        return _io.Inodes.Attributes.Get(inode, fullName)
            ?? throw new FileSystemException(Errno.ENODATA, $"get {fullName} of {inode}", "there is none of that name");
    }

    /// <summary>listxattr.</summary>
    public IReadOnlyList<string> ListXattrs(Inode inode)
    {
        inode.Touch(InodePart.Record, Kernel.AccessKind.Read);
        return _io.Inodes.Attributes.List(inode);
    }

    /// <summary>What the kernel's xattr_permission asks, and then what handlers there are.</summary>
    private static AttributeName RequireName(Inode inode, string fullName, bool isChange)
    {
        string what = $"{fullName} of {inode}";
        if (isChange && (inode.Flags & KeepAttributes) != 0) // (2)
            throw new FileSystemException(Errno.EPERM, what, "the file is immutable, or may only be appended to");
        if (fullName.StartsWith("user.", StringComparison.Ordinal) && !inode.IsRegular && !inode.IsDirectory)
            throw new FileSystemException(
                isChange ? Errno.EPERM : Errno.ENODATA, what, "only files and directories have attributes of users");
        return AttributeName.Parse(fullName);
    }

    private static bool IsCapability(byte[] value) => value.Length == 0 || value is [_, _, _, 2, ..] and { Length: CapabilityBytes }
        || value is [_, _, _, 3, ..] and { Length: NamespacedCapabilityBytes };

    private static void Store(Handle handle, Inode inode)
    {
        handle.IsSync |= inode.IsSynchronous;
        inode.ChangeTime = inode.Now();
        inode.MarkDirty(handle);
    }
}
