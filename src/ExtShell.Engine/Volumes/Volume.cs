using ExtShell.Format.Errors;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes;

/// <summary>
/// A mounted volume. Each operation is there twice: <c>XAsync</c> for simulated threads, and <c>X</c>, which runs the machine until the operation has
/// returned. Paths are absolute or relative to the root, parts divided by '/'.
/// </summary>
/// <remarks>Errors of the caller are <see cref="FileSystemException"/> with Linux's errno; of the image <see cref="CorruptionException"/>.</remarks>
public sealed partial class Volume : IDisposable
{
    /// <summary>The permissions of a file that nothing else is said of: rw-r--r--.</summary>
    public const InodeMode DefaultFilePermissions =
        InodeMode.UserRead | InodeMode.UserWrite | InodeMode.GroupRead | InodeMode.OtherRead;

    /// <summary>The permissions of a directory that nothing else is said of: rwxr-xr-x.</summary>
    public const InodeMode DefaultDirectoryPermissions =
        DefaultFilePermissions | InodeMode.UserExecute | InodeMode.GroupExecute | InodeMode.OtherExecute;

    /// <summary>The machine on which it runs.</summary>
    public Machine Machine { get; }

    /// <summary>The device that holds it.</summary>
    public IBlockDevice Device { get; }

    /// <summary>How it was mounted.</summary>
    public MountOptions Options { get; }

    /// <summary>Whether nothing can be changed: it was asked for, a feature forbids it, or the journal was aborted.</summary>
    public bool IsReadOnly => ReadOnlyReason is not null;

    /// <summary>Why it is read-only; null when it is not.</summary>
    public string? ReadOnlyReason { get; private set; }

    /// <summary>Whether it is still mounted.</summary>
    public bool IsMounted { get; private set; }

    /// <summary>Is told calls, returns and acknowledgements.</summary>
    public IVolumeObserver? Observer { get; set; }

    /// <summary>Mounts the volume on <paramref name="device"/>: recovers its journal and its orphans where needed.</summary>
    public static Volume Mount(Machine machine, IBlockDevice device, MountOptions? options = null) =>
        machine.Run(() => MountAsync(machine, device, options));

    /// <summary>Makes an empty regular file and opens it.</summary>
    public FileHandle Create(string path, InodeMode permissions = DefaultFilePermissions) => Machine.Run(() => CreateAsync(path, permissions));

    /// <summary>Opens a file; a directory can be opened to be synced.</summary>
    public FileHandle Open(string path, OpenOptions options = OpenOptions.None) => Machine.Run(() => OpenAsync(path, options));

    /// <summary>Makes a directory.</summary>
    public void Mkdir(string path, InodeMode permissions = DefaultDirectoryPermissions) => Machine.Run(() => MkdirAsync(path, permissions));

    /// <summary>Removes an empty directory.</summary>
    public void Rmdir(string path) => Machine.Run(() => RmdirAsync(path));

    /// <summary>Gives the file at <paramref name="existing"/> a second name.</summary>
    public void Link(string existing, string name) => Machine.Run(() => LinkAsync(existing, name));

    /// <summary>Removes a name; the last one, of a file that nobody has open, deletes the file.</summary>
    public void Unlink(string path) => Machine.Run(() => UnlinkAsync(path));

    /// <summary>What is known of the inode at the path.</summary>
    public InodeStatus Stat(string path) => Machine.Run(() => StatAsync(path));

    /// <summary>The entries of a directory in the order in which it stores them, without "." and "..".</summary>
    public IReadOnlyList<DirectoryItem> ReadDirectory(string path) => Machine.Run(() => ReadDirectoryAsync(path));

    /// <summary>Whether something is at the path.</summary>
    public bool Exists(string path) => Machine.Run(() => ExistsAsync(path));

    /// <summary>syncfs: everything that was written and acknowledged before is durable after it.</summary>
    public void Sync() => Machine.Run(SyncAsync);

    /// <summary>Unmounts: everything is written, the journal is empty, the volume is clean. Handles that are open are closed.</summary>
    public void Unmount() => Machine.Run(UnmountAsync);

    /// <summary>Shuts the volume down at once: every later call answers EIO.</summary>
    public void Shutdown(ShutdownKind kind) => Machine.Run(() => ShutdownAsync(kind));

    /// <summary>Unmounts it, if it is mounted still.</summary>
    public void Dispose()
    {
        if (IsMounted)
            Unmount();
    }
}
