using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

public sealed partial class Namespace
{
    /// <summary>Takes a name of a file away. The file goes with its last name, once nobody has it open.</summary>
    /// <exception cref="FileSystemException">ENOENT, EISDIR, ENOTDIR, EPERM (immutable), ….</exception>
    public ValueTask UnlinkAsync(string path)
    {
        PathEnd end = _walk.Walk(path, followLast: false, "unlink");
        if (end.Kind != PathEndKind.Name)
            throw Fail(Errno.EISDIR, "unlink", path, "it is a directory");
        return RemoveNameAsync(end, "unlink", path, isDirectory: false);
    }

    /// <summary>Removes an empty directory.</summary>
    /// <exception cref="FileSystemException">ENOENT, ENOTDIR, ENOTEMPTY, EINVAL ("."), EBUSY (the root), ….</exception>
    public ValueTask RemoveDirectoryAsync(string path)
    {
        PathEnd end = _walk.Walk(path, followLast: false, "rmdir");
        if (end.Kind != PathEndKind.Name)
        {
            Errno errno = end.Kind == PathEndKind.Dot ? Errno.EINVAL : end.Kind == PathEndKind.DotDot ? Errno.ENOTEMPTY : Errno.EBUSY;
            throw Fail(errno, "rmdir", path, "it does not end with a directory's name");
        }

        return RemoveNameAsync(end, "rmdir", path, isDirectory: true);
    }

    private async ValueTask RemoveNameAsync(PathEnd end, string operation, string path, bool isDirectory)
    {
        Inode directory = _inodes.Get(end.Directory);
        Inode? inode = null;
        try
        {
            await LockDirectoryAsync(directory, operation, path);
            try
            {
                inode = GetExisting(directory, end, operation, path);
                RequireRemovable(directory, inode, operation, path);
                if (isDirectory && !inode.IsDirectory)
                    throw Fail(Errno.ENOTDIR, operation, path, "it is no directory");
                if (!isDirectory && inode.IsDirectory)
                    throw Fail(Errno.EISDIR, operation, path, "it is a directory");
                await inode.Lock.LockExclusiveAsync();
                try
                {
                    RequireRemovable(directory, inode, operation, path);
                    if (isDirectory && !_directories.IsEmpty(inode))
                        throw Fail(Errno.ENOTEMPTY, operation, path, "it is not empty");
                    await RemoveLockedAsync(inode, directory, end.Name, operation);
                }
                finally
                {
                    inode.Lock.UnlockExclusive();
                }
            }
            finally
            {
                directory.Lock.UnlockExclusive();
            }
        }
        finally
        {
            if (inode is not null)
                await _inodes.ReleaseAsync(inode);
            await _inodes.ReleaseAsync(directory);
        }
    }

    private async ValueTask RemoveLockedAsync(Inode inode, Inode directory, byte[] name, string operation)
    {
        Handle handle = await _context.Journal.StartAsync(Directories.CreditsToRemove + 1 + _inodes.Orphans.CreditsToAdd, operation);
        try
        {
            _directories.Remove(handle, directory, name);
            if (inode.IsDirectory)
            {
                Unname(handle, inode);
                DropSubdirectory(handle, directory);
            }
            else
            {
                DropName(handle, inode);
            }
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    /// <summary>Throws unless the directory may lose the inode's name.</summary>
    private void RequireRemovable(Inode directory, Inode inode, string operation, string path)
    {
        RequireChangeable(directory, operation, path);
        if ((directory.Flags & InodeFlags.AppendOnly) != 0)
            throw Fail(Errno.EPERM, operation, path, "its directory may only be added to");
        if ((inode.Flags & (InodeFlags.Immutable | InodeFlags.AppendOnly)) != 0)
            throw Fail(Errno.EPERM, operation, path, "it is immutable, or may only be appended to");
    }

    /// <summary>Throws unless names may be added to the directory.</summary>
    private void RequireChangeable(Inode directory, string operation, string path)
    {
        if ((directory.Flags & InodeFlags.Immutable) != 0)
            throw Fail(Errno.EPERM, operation, path, "its directory is immutable");
        Directories.RequireWritable(directory, operation);
    }

    /// <summary>A file loses a name.</summary>
    private void DropName(Handle handle, Inode inode)
    {
        if (inode.LinksCount <= 1)
        {
            Unname(handle, inode);
            return;
        }

        inode.LinksCount--;
        inode.ChangeTime = inode.Now();
        inode.MarkDirty(handle);
    }

    private Inode GetExisting(Inode directory, in PathEnd end, string operation, string path)
    {
        uint number = _directories.Lookup(directory, end.Name);
        if (number == 0)
            throw Fail(Errno.ENOENT, operation, path, "there is no such file");
        return _inodes.Get(number);
    }
}
