using ExtShell.Engine.Inodes;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes;

public sealed partial class Volume
{
    /// <summary><see cref="Create"/> for a simulated thread.</summary>
    public async ValueTask<FileHandle> CreateAsync(string path, InodeMode permissions = DefaultFilePermissions)
    {
        int call = BeginCall(new OperationCall { Kind = OperationKind.Create, Path = path, Permissions = permissions });
        try
        {
            RequireWritable(path);
            InodeMode mode = InodeMode.Regular | (permissions & InodeMode.PermissionMask);
            (Inode inode, _) = await _parts.Names.CreateAsync(path, new NewInode(mode), isExclusive: true);
            FileHandle handle = OpenHandle(inode, path, OpenOptions.None, Caller.Root);
            EndCall(call, handle.Number);
            return handle;
        }
        catch (Exception failed) when (failed is FileSystemException or CorruptionException)
        {
            FailCall(call, failed);
            throw;
        }
    }

    /// <summary><see cref="Open"/> for a simulated thread.</summary>
    public async ValueTask<FileHandle> OpenAsync(string path, OpenOptions options = OpenOptions.None, Caller caller = default)
    {
        int call = BeginCall(new OperationCall { Kind = OperationKind.Open, Path = path, OpenOptions = options,
            Permissions = DefaultFilePermissions, Caller = caller });
        try
        {
            RequireMounted(path);
            FileHandle handle = OpenHandle(await OpenInodeAsync(path, options, caller), path, options, caller);
            EndCall(call, handle.Number);
            return handle;
        }
        catch (Exception failed) when (failed is FileSystemException or CorruptionException)
        {
            FailCall(call, failed);
            throw;
        }
    }

    /// <summary><see cref="Mkdir"/> for a simulated thread.</summary>
    public ValueTask MkdirAsync(string path, InodeMode permissions = DefaultDirectoryPermissions) => ChangeAsync(
        new OperationCall { Kind = OperationKind.Mkdir, Path = path, Permissions = permissions },
        static (volume, call) => volume._parts.Names.MakeDirectoryAsync(call.Path!, new NewInode(call.Permissions)));

    /// <summary><see cref="Rmdir"/> for a simulated thread.</summary>
    public ValueTask RmdirAsync(string path) => ChangeAsync(
        new OperationCall { Kind = OperationKind.Rmdir, Path = path },
        static (volume, call) => volume._parts.Names.RemoveDirectoryAsync(call.Path!));

    /// <summary><see cref="Link"/> for a simulated thread.</summary>
    public ValueTask LinkAsync(string existing, string name) => ChangeAsync(
        new OperationCall { Kind = OperationKind.Link, Path = existing, NewPath = name },
        static (volume, call) => volume._parts.Names.LinkAsync(call.Path!, call.NewPath!));

    /// <summary><see cref="Unlink"/> for a simulated thread.</summary>
    public ValueTask UnlinkAsync(string path) => ChangeAsync(
        new OperationCall { Kind = OperationKind.Unlink, Path = path },
        static (volume, call) => volume._parts.Names.UnlinkAsync(call.Path!));

    /// <summary><see cref="Rename"/> for a simulated thread.</summary>
    public ValueTask RenameAsync(string from, string to, RenameOptions options = RenameOptions.None) => ChangeAsync(
        new OperationCall { Kind = OperationKind.Rename, Path = from, NewPath = to, RenameOptions = options },
        static (volume, call) => volume._parts.Names.RenameAsync(call.Path!, call.NewPath!, call.RenameOptions));

    /// <summary><see cref="Stat"/> for a simulated thread.</summary>
    public async ValueTask<InodeStatus> StatAsync(string path, bool followsLink = true)
    {
        RequireMounted(path);
        Inode inode = _parts.Names.Resolve(path, followsLink);
        InodeStatus status = StatusOf(inode);
        await Inodes.ReleaseAsync(inode);
        return status;
    }

    /// <summary><see cref="ReadLink"/> for a simulated thread.</summary>
    /// <exception cref="FileSystemException">EINVAL: it is no symbolic link.</exception>
    public async ValueTask<string> ReadLinkAsync(string path)
    {
        RequireMounted(path);
        Inode inode = _parts.Names.Resolve(path, followLast: false);
        try
        {
            if (!inode.IsSymbolicLink)
                throw new FileSystemException(Errno.EINVAL, path, "it is no symbolic link");
            return FileName.Decode(_parts.Names.Links.Read(inode));
        }
        finally
        {
            await Inodes.ReleaseAsync(inode);
        }
    }

    /// <summary><see cref="ReadDirectory"/> for a simulated thread.</summary>
    public async ValueTask<IReadOnlyList<DirectoryItem>> ReadDirectoryAsync(string path)
    {
        RequireMounted(path);
        Inode inode = _parts.Names.Resolve(path);
        try
        {
            if (!inode.IsDirectory)
                throw new FileSystemException(Errno.ENOTDIR, path, "it is no directory");
            var items = new List<DirectoryItem>();
            foreach (DirectoryName name in _parts.Names.Directories.Enumerate(inode))
                items.Add(new DirectoryItem(name.Name, name.Inode, name.Type));
            return items;
        }
        finally
        {
            await Inodes.ReleaseAsync(inode);
        }
    }

    /// <summary><see cref="Exists"/> for a simulated thread.</summary>
    public async ValueTask<bool> ExistsAsync(string path)
    {
        RequireMounted(path);
        try
        {
            await Inodes.ReleaseAsync(_parts.Names.Resolve(path));
            return true;
        }
        catch (FileSystemException missing) when (missing.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return false;
        }
    }

    /// <summary><see cref="Sync"/> for a simulated thread.</summary>
    public async ValueTask SyncAsync()
    {
        int call = BeginCall(new OperationCall { Kind = OperationKind.SyncVolume });
        try
        {
            RequireMounted("sync");
            if (!IsReadOnly && await _parts.SyncAllAsync(isUnmounting: false) is { } failure)
                throw failure;
            EndCall(call, 0);
        }
        catch (Exception failed) when (failed is FileSystemException or CorruptionException)
        {
            FailCall(call, failed);
            throw;
        }
    }

    /// <summary><see cref="Unmount"/> for a simulated thread.</summary>
    public async ValueTask UnmountAsync()
    {
        int call = BeginCall(new OperationCall { Kind = OperationKind.Unmount });
        try
        {
            await BeAloneAsync();
            await LeaveDeviceAsync();
            EndCall(call, 0);
        }
        catch (Exception failed) when (failed is FileSystemException or CorruptionException)
        {
            FailCall(call, failed);
            throw;
        }
    }

    /// <summary>
    /// Closes what is open, brings everything home, and forgets the device; whoever wants to call finds no volume meanwhile.
    /// </summary>
    private async ValueTask LeaveDeviceAsync()
    {
        try
        {
            while (_handles.Count > 0)
                await _handles[0].CloseQuietlyAsync();
            while (_mappings.Count > 0)
                await _mappings[0].UnmapQuietlyAsync();
            FileSystemException? lost = IsShutDown ? null : await _parts.UnmountAsync(ReadOnlyReason is not null, SawCorruption);
            IsMounted = false;
            if (lost is not null)
                throw lost;
        }
        finally
        {
            Machine.Touch(SharedState.OpenFiles, AccessKind.Write);
            _isUnmounting = false;
        }
    }

    /// <summary><see cref="Shutdown"/> for a simulated thread.</summary>
    public async ValueTask ShutdownAsync(ShutdownKind kind)
    {
        int call = BeginCall(new OperationCall { Kind = OperationKind.Shutdown, Shutdown = kind });
        try
        {
            RequireMounted("shut down");
            if (kind == ShutdownKind.Flush && !IsReadOnly && await _parts.SyncAllAsync(isUnmounting: false) is { } failure)
                throw failure;
            if (kind == ShutdownKind.LogFlush && !IsReadOnly)
                await Context.Journal.CommitAsync(Context.Journal.RunningTransaction);
            Machine.Touch(SharedState.OpenFiles, AccessKind.Write);
            IsShutDown = true;
            Context.Journal.Abort(Errno.EIO);
            EndCall(call, 0);
        }
        catch (Exception failed) when (failed is FileSystemException or CorruptionException)
        {
            FailCall(call, failed);
            throw;
        }
    }

    internal static InodeStatus StatusOf(Inode inode)
    {
        inode.Touch(InodePart.Record, AccessKind.Read);
        return new InodeStatus(
            inode.Number,
            inode.Generation,
            inode.Mode,
            inode.LinksCount,
            inode.Owner,
            inode.Group,
            inode.SizeBytes,
            inode.AllocatedBytes,
            Nanoseconds(inode.AccessTime),
            Nanoseconds(inode.ModifyTime),
            Nanoseconds(inode.ChangeTime))
        {
            Flags = inode.Flags,
            Device = inode.IsDevice ? DeviceNumber.Read(inode.Root) : default,
            CreatedUnixNanoseconds = Nanoseconds(inode.CreationTime),
        };
    }

    private static long Nanoseconds(Timestamp time) => (time.Seconds * 1_000_000_000) + time.Nanoseconds;

    private async ValueTask<Inode> OpenInodeAsync(string path, OpenOptions options, Caller caller)
    {
        const OpenOptions changing = OpenOptions.Create | OpenOptions.Truncate;
        if ((options & changing) != 0)
            RequireWritable(path);
        var made = new NewInode(InodeMode.Regular | DefaultFilePermissions, caller.UserId, caller.GroupId);
        (Inode inode, bool isNew) = (options & OpenOptions.Create) == 0
            ? (_parts.Names.Resolve(path, caller: caller), false)
            : await _parts.Names.CreateAsync(path, made, (options & OpenOptions.Exclusive) != 0, caller);
        try
        {
            if (!isNew)
                RequireOpenable(inode, path, options, caller);
            if ((options & OpenOptions.Truncate) != 0)
                await Files.SizeChange.SetSizeAsync(inode, 0, caller);
            return inode;
        }
        catch (FileSystemException)
        {
            await Inodes.ReleaseAsync(inode);
            throw;
        }
    }

    /// <summary>What may be opened, by whom and how; in Linux's order.</summary>
    private static void RequireOpenable(Inode inode, string path, OpenOptions options, Caller caller)
    {
        bool writes = (options & OpenOptions.ReadOnly) == 0 || (options & OpenOptions.Truncate) != 0;
        if (inode.IsDirectory && writes)
            throw new FileSystemException(Errno.EISDIR, path, "a directory is opened read-only");
        if (!inode.IsDirectory && !inode.IsRegular)
            throw new FileSystemException(Errno.ENXIO, path, "it stands for something that is not on the volume, or is a link");
        inode.Touch(InodePart.Record, AccessKind.Read);
        if (writes && (inode.Flags & InodeFlags.Immutable) != 0)
            throw new FileSystemException(Errno.EPERM, path, "it is immutable");
        caller.Require(inode, writes ? InodeMode.OtherRead | InodeMode.OtherWrite : InodeMode.OtherRead, "open", path);
        bool onlyAppends = (options & OpenOptions.Append) != 0 && (options & OpenOptions.Truncate) == 0;
        if (writes && !onlyAppends && (inode.Flags & InodeFlags.AppendOnly) != 0)
            throw new FileSystemException(Errno.EPERM, path, "it may only be appended to");
    }

    private FileHandle OpenHandle(Inode inode, string path, OpenOptions options, Caller caller)
    {
        Machine.Touch(SharedState.OpenFiles, AccessKind.Write);
        var handle = new FileHandle(this, inode, _nextHandle++, path, options, caller);
        inode.OpenCount++;
        _handles.Add(handle);
        return handle;
    }
}
