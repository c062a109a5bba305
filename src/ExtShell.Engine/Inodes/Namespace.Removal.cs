using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

public sealed partial class Namespace
{
    /// <summary>Takes a name of a file away. The file goes with its last name, once nobody has it open.</summary>
    /// <exception cref="FileSystemException">ENOENT, EISDIR, ENOTDIR, EPERM (immutable), ….</exception>
    public async ValueTask UnlinkAsync(string path)
    {
        PathEnd end = _walk.Walk(path, followLast: false, "unlink");
        if (end.Kind != PathEndKind.Name)
            throw Fail(Errno.EISDIR, "unlink", path, "it is a directory");
        Inode directory = _inodes.Get(end.Directory);
        Inode? inode = null;
        try
        {
            await LockDirectoryAsync(directory, "unlink", path);
            try
            {
                inode = GetExisting(directory, end, "unlink", path);
                RequireRemovable(directory, inode, "unlink", path);
                if (inode.IsDirectory)
                    throw Fail(Errno.EISDIR, "unlink", path, "it is a directory");
                await inode.Lock.LockExclusiveAsync();
                try
                {
                    await UnlinkLockedAsync(inode, directory, end.Name, path);
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

    /// <summary>Removes an empty directory.</summary>
    /// <exception cref="FileSystemException">ENOENT, ENOTDIR, ENOTEMPTY, EINVAL ("."), EBUSY (the root), ….</exception>
    public async ValueTask RemoveDirectoryAsync(string path)
    {
        PathEnd end = _walk.Walk(path, followLast: false, "rmdir");
        if (end.Kind != PathEndKind.Name)
        {
            Errno errno = end.Kind == PathEndKind.Dot ? Errno.EINVAL : end.Kind == PathEndKind.DotDot ? Errno.ENOTEMPTY : Errno.EBUSY;
            throw Fail(errno, "rmdir", path, "it does not end with a directory's name");
        }

        Inode directory = _inodes.Get(end.Directory);
        Inode? inode = null;
        try
        {
            await LockDirectoryAsync(directory, "rmdir", path);
            try
            {
                inode = GetExisting(directory, end, "rmdir", path);
                RequireRemovable(directory, inode, "rmdir", path);
                if (!inode.IsDirectory)
                    throw Fail(Errno.ENOTDIR, "rmdir", path, "it is no directory");
                await inode.Lock.LockExclusiveAsync();
                try
                {
                    await RemoveLockedAsync(inode, directory, end.Name, path);
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

    private async ValueTask UnlinkLockedAsync(Inode inode, Inode directory, byte[] name, string path)
    {
        RequireRemovable(directory, inode, "unlink", path);
        Handle handle = await _context.Journal.StartAsync(Directories.CreditsToRemove + 1 + _inodes.Orphans.CreditsToAdd, "unlink");
        try
        {
            _directories.Remove(handle, directory, name);
            DropName(handle, inode);
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    private async ValueTask RemoveLockedAsync(Inode inode, Inode directory, byte[] name, string path)
    {
        RequireRemovable(directory, inode, "rmdir", path);
        if (!_directories.IsEmpty(inode))
            throw Fail(Errno.ENOTEMPTY, "rmdir", path, "it is not empty");
        Handle handle = await _context.Journal.StartAsync(Directories.CreditsToRemove + 1 + _inodes.Orphans.CreditsToAdd, "rmdir");
        try
        {
            _directories.Remove(handle, directory, name);
            Unname(handle, inode);
            DropSubdirectory(handle, directory);
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
        _directories.RequireWritable(directory, operation);
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

    /// <summary>A directory loses the link of a subdirectory's ".."; one that says 1 has too many to count.</summary>
    private static void DropSubdirectory(Handle handle, Inode directory)
    {
        if (directory.LinksCount > 2)
            directory.LinksCount--;
        directory.MarkDirty(handle);
    }

    private Inode GetExisting(Inode directory, in PathEnd end, string operation, string path)
    {
        uint number = _directories.Lookup(directory, end.Name);
        if (number == 0)
            throw Fail(Errno.ENOENT, operation, path, "there is no such file");
        return _inodes.Get(number);
    }
}
