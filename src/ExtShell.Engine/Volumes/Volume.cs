using ExtShell.Engine.Allocation;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes;

/// <summary>
/// A mounted volume. Each operation is there twice: <c>XAsync</c> for simulated threads, and <c>X</c>, which runs the machine until the
/// operation has returned. Paths are absolute or relative to the root, parts divided by '/'.
/// </summary>
/// <remarks>
/// Errors of the caller are <see cref="FileSystemException"/> with Linux's errno; of the image <see cref="CorruptionException"/>.
/// </remarks>
public sealed partial class Volume : IDisposable
{
    /// <summary>The permissions of a file that nothing else is said of: rw-r--r--.</summary>
    public const InodeMode DefaultFilePermissions =
        InodeMode.UserRead | InodeMode.UserWrite | InodeMode.GroupRead | InodeMode.OtherRead;

    /// <summary>The permissions of a directory that nothing else is said of: rwxr-xr-x.</summary>
    public const InodeMode DefaultDirectoryPermissions =
        DefaultFilePermissions | InodeMode.UserExecute | InodeMode.GroupExecute | InodeMode.OtherExecute;

    private readonly MountedParts _parts;
    private readonly List<FileHandle> _handles = [];
    private readonly List<FileMapping> _mappings = [];
    private int _nextHandle = 1;
    private int _nextMapping = 1;
    private int _nextCall;

    internal Volume(MountedParts parts, MountOptions options)
    {
        _parts = parts;
        Options = options;
        Observer = options.Observer;
        ReadOnlyReason = parts.ReadOnlyReason;
        IsMounted = true;
        _nextCall = options.FirstCall;
        parts.Io.Placed = (call, offsetBytes) => Observer?.OnPlaced(call, offsetBytes);
    }

    /// <summary>The machine on which it runs.</summary>
    public Machine Machine => _parts.Context.Machine;

    /// <summary>The device that holds it.</summary>
    public IBlockDevice Device => _parts.Io.Device;

    /// <summary>How it was mounted.</summary>
    public MountOptions Options { get; }

    /// <summary>The floors below, for who looks into the engine.</summary>
    public VolumeContext Context => _parts.Context;

    /// <summary>The live inodes.</summary>
    public InodeTable Inodes => _parts.Inodes;

    /// <summary>Whether nothing can be changed: it was asked for, a feature forbids it, or the journal was aborted.</summary>
    public bool IsReadOnly => ReadOnlyReason is not null || Context.Journal.IsAborted;

    /// <summary>Why it was mounted read-only; null when it was not.</summary>
    public string? ReadOnlyReason { get; }

    /// <summary>What the mount's recovery of the journal found; null where none was needed.</summary>
    public RecoveryReport? Recovery => _parts.Recovery;

    /// <summary>What the mount did with orphans.</summary>
    public OrphanReport Orphans => _parts.Orphans;

    /// <summary>Whether it is still mounted.</summary>
    public bool IsMounted { get; private set; }

    /// <summary>Whether it was shut down.</summary>
    public bool IsShutDown { get; private set; }

    /// <summary>Is told calls, returns and acknowledgements.</summary>
    public IVolumeObserver? Observer { get; set; }

    /// <summary>The handles that are open, in the order of opening.</summary>
    public IReadOnlyList<FileHandle> OpenHandles => _handles;

    /// <summary>The mappings that there are, in the order of mapping.</summary>
    public IReadOnlyList<FileMapping> Mappings => _mappings;

    /// <summary>Failures that no device causes, to be met by later calls.</summary>
    public FaultInjection Faults => _parts.Io.Faults;

    internal WriteEngine Engine => _parts.Files.Engine;

    internal FileIo Files => _parts.Files;

    internal IoContext Io => _parts.Io;

    /// <summary>Mounts the volume on <paramref name="device"/>: recovers its journal and its orphans where needed.</summary>
    /// <exception cref="FileSystemException">
    /// EOPNOTSUPP: a feature or option is not supported, named; EINVAL: an option says nothing; EUCLEAN, EBADMSG: the journal cannot be
    /// replayed.
    /// </exception>
    /// <exception cref="CorruptionException">The image is damaged.</exception>
    public static Volume Mount(Machine machine, IBlockDevice device, MountOptions? options = null) =>
        machine.Run(() => MountAsync(machine, device, options));

    /// <summary><see cref="Mount"/> for a simulated thread.</summary>
    public static async ValueTask<Volume> MountAsync(Machine machine, IBlockDevice device, MountOptions? options = null)
    {
        options ??= MountOptions.Default;
        return new Volume(await new MountSequence(machine, device, options).RunAsync(), options);
    }

    /// <summary>Makes an empty regular file and opens it.</summary>
    /// <exception cref="FileSystemException">EEXIST, ENOENT, ENOTDIR, ENOSPC, EROFS…</exception>
    public FileHandle Create(string path, InodeMode permissions = DefaultFilePermissions) =>
        Machine.Run(() => CreateAsync(path, permissions));

    /// <summary>Opens a file; a directory can be opened read-only, to be synced.</summary>
    /// <param name="path">The path.</param>
    /// <param name="options">How it is opened.</param>
    /// <param name="caller">
    /// Who opens it: its permissions are asked, it owns what it makes, and what it writes through the handle takes set-ID bits away.
    /// </param>
    /// <exception cref="FileSystemException">ENOENT, EEXIST, EISDIR, EACCES, EPERM (immutable, append-only), ENXIO (a device)…</exception>
    public FileHandle Open(string path, OpenOptions options = OpenOptions.None, Caller caller = default) =>
        Machine.Run(() => OpenAsync(path, options, caller));

    /// <summary>Makes a directory.</summary>
    public void Mkdir(string path, InodeMode permissions = DefaultDirectoryPermissions) => Machine.Run(() => MkdirAsync(path, permissions));

    /// <summary>Removes an empty directory.</summary>
    public void Rmdir(string path) => Machine.Run(() => RmdirAsync(path));

    /// <summary>Gives the file at <paramref name="existing"/> a second name.</summary>
    public void Link(string existing, string name) => Machine.Run(() => LinkAsync(existing, name));

    /// <summary>Removes a name; the last one, of a file that nobody has open, deletes the file.</summary>
    public void Unlink(string path) => Machine.Run(() => UnlinkAsync(path));

    /// <summary>Moves a name; what has the new one is replaced, whole or not at all.</summary>
    public void Rename(string from, string to, RenameOptions options = RenameOptions.None) =>
        Machine.Run(() => RenameAsync(from, to, options));

    /// <summary>What is known of the inode at the path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followsLink">Whether a symbolic link at its end is followed: stat, else lstat.</param>
    public InodeStatus Stat(string path, bool followsLink = true) => Machine.Run(() => StatAsync(path, followsLink));

    /// <summary>The path that a symbolic link holds.</summary>
    public string ReadLink(string path) => Machine.Run(() => ReadLinkAsync(path));

    /// <summary>The entries of a directory in the order in which it stores them, without "." and "..".</summary>
    public IReadOnlyList<DirectoryItem> ReadDirectory(string path) => Machine.Run(() => ReadDirectoryAsync(path));

    /// <summary>Whether something is at the path.</summary>
    public bool Exists(string path) => Machine.Run(() => ExistsAsync(path));

    /// <summary>syncfs: everything that was written and acknowledged before is durable after it.</summary>
    public void Sync() => Machine.Run(SyncAsync);

    /// <summary>
    /// Unmounts: everything is written, the journal is empty, the volume is clean. Callers that are inside return first, handles that are
    /// open are closed, mappings unmapped, as at the end of the processes that use them.
    /// </summary>
    public void Unmount() => Machine.Run(UnmountAsync);

    /// <summary>Shuts the volume down at once: every later call answers EIO.</summary>
    public void Shutdown(ShutdownKind kind) => Machine.Run(() => ShutdownAsync(kind));

    /// <summary>What is used and free.</summary>
    public VolumeStatistics GetStatistics() => new(
        Context.Geometry.BlockSizeBytes,
        Context.Geometry.BlocksCount,
        Context.Blocks.FreeBlocksCount - Context.Blocks.ReservedBlocksCount,
        Context.Geometry.InodesCount,
        Context.Inodes.FreeInodesCount);

    /// <inheritdoc/>
    public override string ToString()
    {
        string state = !IsMounted ? "unmounted" : IsReadOnly ? "read-only" : "mounted";
        string switches = Options.Switches.Count == 0 ? "" : $" with {string.Join(", ", Options.Switches)}";
        return FormattableString.Invariant($"volume of {Device.LengthBytes:N0} bytes, {state}, {Options.Protocol}{switches}");
    }

    /// <summary>Unmounts it, if it is mounted still.</summary>
    public void Dispose()
    {
        if (IsMounted)
            Unmount();
    }
}
