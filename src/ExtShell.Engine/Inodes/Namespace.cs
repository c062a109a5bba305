using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>The tree of names: paths to inodes, and the operations that change it, each in one transaction.</summary>
/// <remarks>
/// Every operation here
/// (1) walks the path, which does not wait, takes the inode lock of the directory exclusively, and then looks the name up again: it may
/// have changed meanwhile;
/// (2) takes the lock of the inode that loses or gains a name inside that of the directory;
/// (3) starts its handle with all locks held, and with credits that suffice: it is not restarted;
/// (4) gives its references back after locks and handle, because the last one may have to delete.
/// So the caller holds no lock and no handle. Errors are those that Linux's VFS and ext4 give, in their order.
/// An inode that lost its last name is on the orphan list in the same transaction, and deleted with its last reference.
/// </remarks>
public sealed partial class Namespace
{
    private readonly VolumeContext _context;
    private readonly InodeTable _inodes;
    private readonly Directories _directories;
    private readonly PathWalk _walk;
    private readonly SimulatedMutex _renameLock;

    /// <summary>Makes it for a volume.</summary>
    public Namespace(VolumeContext context, InodeTable inodes)
    {
        _context = context;
        _inodes = inodes;
        _directories = new Directories(context);
        Links = new SymbolicLinks(context);
        _walk = new PathWalk(inodes, _directories, Links);
        _renameLock = new SimulatedMutex(context.Machine, "rename lock");
    }

    /// <summary>The content of directories.</summary>
    public Directories Directories => _directories;

    /// <summary>The content of symbolic links.</summary>
    public SymbolicLinks Links { get; }

    /// <summary>The inode that a path names, with a reference that <see cref="InodeTable.ReleaseAsync"/> gives back.</summary>
    /// <param name="path">The path; parts divided by '/', from the root whether it begins with one or not.</param>
    /// <param name="followLast">Whether a symbolic link at its end is followed.</param>
    /// <param name="caller">Who asks: it must be let through the directories.</param>
    /// <exception cref="FileSystemException">ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP, EACCES.</exception>
    public Inode Resolve(string path, bool followLast = true, Caller caller = default)
    {
        PathEnd end = _walk.Walk(path, followLast, "resolve", caller);
        if (end.Target == 0)
            throw Fail(Errno.ENOENT, "resolve", path, "there is no such file");
        return _inodes.Get(end.Target);
    }

    /// <summary>
    /// Opens a regular file, and makes it where there is none: <c>open(2)</c> with O_CREAT. Links at the path's end are followed, unless
    /// it is exclusive.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="what">What to make; a regular file.</param>
    /// <param name="isExclusive">O_EXCL: what is there already is EEXIST.</param>
    /// <param name="caller">Who asks: it must be let through the directories, and into the last one.</param>
    /// <returns>The inode, with a reference, and whether it is new.</returns>
    /// <exception cref="FileSystemException">EEXIST, EISDIR, ENOENT, ENOTDIR, ENOSPC, EACCES, ….</exception>
    public async ValueTask<(Inode Inode, bool IsNew)> CreateAsync(
        string path, NewInode what, bool isExclusive = false, Caller caller = default)
    {
        InvariantException.Require((what.Mode & InodeMode.TypeMask) == InodeMode.Regular, "a file that is created is a regular one");
        PathEnd end = _walk.Walk(path, !isExclusive, "create", caller);
        if (end.Kind != PathEndKind.Name || end.HasSlash)
            throw Fail(isExclusive && end.Target != 0 ? Errno.EEXIST : Errno.EISDIR, "create", path, "the path names a directory");
        Inode directory = _inodes.Get(end.Directory);
        try
        {
            await LockDirectoryAsync(directory, "create", path); // (1)
            try
            {
                uint found = _directories.Lookup(directory, end.Name);
                if (found == 0)
                    caller.Require(directory, InodeMode.OtherWrite | InodeMode.OtherExecute, "create", path);
                if (found == 0)
                    return (await MakeAsync(directory, end.Name, what, "create", path), true);
                if (isExclusive)
                    throw Fail(Errno.EEXIST, "create", path, "it is there already");
                Inode inode = _inodes.Get(found);
                if (!inode.IsDirectory)
                    return (inode, false);
                await _inodes.ReleaseAsync(inode);
                throw Fail(Errno.EISDIR, "create", path, "it is a directory");
            }
            finally
            {
                directory.Lock.UnlockExclusive();
            }
        }
        finally
        {
            await _inodes.ReleaseAsync(directory); // (4)
        }
    }

    /// <summary>Makes a directory.</summary>
    /// <param name="path">The path.</param>
    /// <param name="what">Its permissions and owner; the type is set here.</param>
    /// <exception cref="FileSystemException">EEXIST, EMLINK, ENOENT, ENOTDIR, ENOSPC, ….</exception>
    public async ValueTask MakeDirectoryAsync(string path, NewInode what)
    {
        what = what with { Mode = (what.Mode & InodeMode.PermissionMask) | InodeMode.Directory };
        PathEnd end = _walk.Walk(path, followLast: false, "mkdir");
        if (end.Kind != PathEndKind.Name)
            throw Fail(Errno.EEXIST, "mkdir", path, "it is there already");
        Inode directory = _inodes.Get(end.Directory);
        Inode? made = null;
        try
        {
            await LockDirectoryAsync(directory, "mkdir", path);
            try
            {
                if (_directories.Lookup(directory, end.Name) != 0)
                    throw Fail(Errno.EEXIST, "mkdir", path, "it is there already");
                RequireRoomForSubdirectory(directory, "mkdir", path);
                made = await MakeAsync(directory, end.Name, what, "mkdir", path);
            }
            finally
            {
                directory.Lock.UnlockExclusive();
            }
        }
        finally
        {
            if (made is not null)
                await _inodes.ReleaseAsync(made);
            await _inodes.ReleaseAsync(directory);
        }
    }

    /// <summary>Gives an inode another name. A symbolic link at the end of <paramref name="existing"/> is not followed.</summary>
    /// <exception cref="FileSystemException">EEXIST, EPERM (a directory), EMLINK, ENOENT, ENOTDIR, ENOSPC, ….</exception>
    public async ValueTask LinkAsync(string existing, string path)
    {
        Inode inode = Resolve(existing, followLast: false);
        Inode? directory = null;
        try
        {
            PathEnd end = _walk.Walk(path, followLast: false, "link");
            if (end.Kind != PathEndKind.Name || end.Target != 0)
                throw Fail(Errno.EEXIST, "link", path, "it is there already");
            if (end.HasSlash)
                throw Fail(Errno.ENOENT, "link", path, "it ends with a slash, and there is no such directory");
            directory = _inodes.Get(end.Directory);
            await LockDirectoryAsync(directory, "link", path);
            try
            {
                if (_directories.Lookup(directory, end.Name) != 0)
                    throw Fail(Errno.EEXIST, "link", path, "it is there already");
                if (inode.IsDirectory)
                    throw Fail(Errno.EPERM, "link", existing, "a directory has one name");
                await inode.Lock.LockExclusiveAsync(); // (2)
                try
                {
                    await LinkLockedAsync(inode, directory, end.Name, path);
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
            if (directory is not null)
                await _inodes.ReleaseAsync(directory);
            await _inodes.ReleaseAsync(inode);
        }
    }

    private async ValueTask LinkLockedAsync(Inode inode, Inode directory, byte[] name, string path)
    {
        RequireChangeable(directory, "link", path);
        if ((inode.Flags & (InodeFlags.Immutable | InodeFlags.AppendOnly)) != 0)
            throw Fail(Errno.EPERM, "link", path, "the file is immutable, or may only be appended to");
        if (inode.LinksCount == 0)
            throw Fail(Errno.ENOENT, "link", path, "the file lost its last name");
        if (inode.LinksCount >= Inode.MaxLinks)
            throw Fail(Errno.EMLINK, "link", path, $"a file has at most {Inode.MaxLinks} names");
        Handle handle = await _context.Journal.StartAsync(_directories.CreditsToAdd(directory) + 1, "link"); // (3)
        try
        {
            _directories.Add(handle, directory, name, inode.Number, inode.Mode);
            inode.LinksCount++;
            inode.ChangeTime = inode.Now();
            inode.MarkDirty(handle);
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    /// <summary>Makes an inode and its name. The directory's lock is held, and the name is free.</summary>
    private async ValueTask<Inode> MakeAsync(Inode directory, byte[] name, NewInode what, string operation, string path)
    {
        RequireChangeable(directory, operation, path);
        bool isDirectory = (what.Mode & InodeMode.TypeMask) == InodeMode.Directory;
        int credits = _inodes.CreditsToCreate + (2 * _directories.CreditsToAdd(directory)) + _inodes.Orphans.CreditsToAdd;
        Inode? made = null;
        bool isNamed = false;
        Handle handle = await _context.Journal.StartAsync(credits, operation); // (3)
        try
        {
            made = _inodes.Create(handle, directory, what);
            Fill(handle, made, what, directory);

            _directories.Add(handle, directory, name, made.Number, made.Mode);
            isNamed = true;
            if (isDirectory)
                AddSubdirectory(handle, directory);
        }
        finally
        {
            if (made is not null && !isNamed)
                Unname(handle, made);
            await handle.StopAsync();
            if (made is not null && !isNamed)
                await _inodes.ReleaseAsync(made); // (4)
        }

        return made;
    }

    /// <summary>The inode has no name any more: it goes on the orphan list until its last reference is given back.</summary>
    private void Unname(Handle handle, Inode inode)
    {
        inode.LinksCount = 0;
        inode.ChangeTime = inode.Now();
        _inodes.Orphans.Add(handle, inode);
    }

    private static async ValueTask LockDirectoryAsync(Inode directory, string operation, string path)
    {
        await directory.Lock.LockExclusiveAsync();
        string? why = !directory.IsDirectory ? "it is no directory" : directory.LinksCount == 0 ? "its directory was removed" : null;
        if (why is null)
            return;
        directory.Lock.UnlockExclusive();
        throw Fail(directory.IsDirectory ? Errno.ENOENT : Errno.ENOTDIR, operation, path, why);
    }

    private static FileSystemException Fail(Errno errno, string operation, string path, string why) =>
        new(errno, $"{operation} {path}", why);
}
