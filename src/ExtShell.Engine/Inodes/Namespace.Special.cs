using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

public sealed partial class Namespace
{
    /// <summary>Makes a symbolic link.</summary>
    /// <param name="target">The path that it holds; nothing need be there.</param>
    /// <param name="path">Its own path.</param>
    /// <exception cref="FileSystemException">ENOENT: the target is empty; ENAMETOOLONG: it does not fit into a block; EEXIST, ENOSPC,
    /// …</exception>
    public ValueTask MakeLinkAsync(string target, string path)
    {
        byte[] bytes = FileName.Encode(target);
        if (bytes.Length == 0)
            throw Fail(Errno.ENOENT, "symlink", path, "its target is empty");
        if (bytes.Length > FileName.MaxPathLengthBytes)
            throw Fail(Errno.ENAMETOOLONG, "symlink", path, $"its target is longer than {FileName.MaxPathLengthBytes} bytes");
        const InodeMode permissions = (InodeMode)0x1FF;
        return MakeNodeAsync(path, new NewInode(InodeMode.SymbolicLink | permissions) { LinkTarget = bytes }, "symlink");
    }

    /// <summary>mknod: makes a fifo, socket, device, or an empty regular file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="what">Type, permissions and owner; of a device what it stands for.</param>
    /// <exception cref="FileSystemException">
    /// EPERM: a directory, which mkdir makes; EINVAL: another type, or a device number that cannot be kept; EEXIST, ENOSPC, …
    /// </exception>
    public ValueTask MakeSpecialAsync(string path, NewInode what)
    {
        InodeMode type = what.Mode & InodeMode.TypeMask;
        if (type == InodeMode.Directory)
            throw Fail(Errno.EPERM, "mknod", path, "directories are made by mkdir");
        if (type is not (InodeMode.Fifo or InodeMode.Socket or InodeMode.CharacterDevice or InodeMode.BlockDevice or InodeMode.Regular))
            throw Fail(Errno.EINVAL, "mknod", path, "it is no type that can be made so");
        if (what.Device.Major > DeviceNumber.MaxMajor || what.Device.Minor > DeviceNumber.MaxMinor)
            throw Fail(Errno.EINVAL, "mknod", path, $"there is no device {what.Device}");
        return MakeNodeAsync(path, what, "mknod");
    }

    private async ValueTask MakeNodeAsync(string path, NewInode what, string operation)
    {
        PathEnd end = _walk.Walk(path, followLast: false, operation);
        if (end.Kind != PathEndKind.Name || end.Target != 0)
            throw Fail(Errno.EEXIST, operation, path, "it is there already");
        if (end.HasSlash)
            throw Fail(Errno.ENOENT, operation, path, "it ends with a slash, and there is no such directory");
        Inode directory = _inodes.Get(end.Directory);
        Inode? made = null;
        try
        {
            await LockDirectoryAsync(directory, operation, path); // (1)
            try
            {
                if (_directories.Lookup(directory, end.Name) != 0)
                    throw Fail(Errno.EEXIST, operation, path, "it is there already");
                if (what.LinkTarget.Length >= _context.Geometry.BlockSizeBytes)
                    throw Fail(Errno.ENAMETOOLONG, operation, path, "its target does not fit into a block");
                made = await MakeAsync(directory, end.Name, what, operation, path);
            }
            finally
            {
                directory.Lock.UnlockExclusive();
            }
        }
        finally
        {
            if (made is not null)
                await _inodes.ReleaseAsync(made); // (4)
            await _inodes.ReleaseAsync(directory);
        }
    }

    /// <summary>What a new inode has beside its fields: a directory's first block, a link's path, a device's number.</summary>
    private void Fill(Handle handle, Inode made, in NewInode what, Inode directory)
    {
        if (made.IsDirectory)
        {
            made.LinksCount = 2;
            _directories.Initialize(handle, made, directory.Number);
        }
        else if (made.IsSymbolicLink)
        {
            Links.Write(handle, made, what.LinkTarget.Span);
        }
        else if (made.IsDevice)
        {
            what.Device.Write(made.Root);
            made.MarkDirty(handle);
        }
    }
}
