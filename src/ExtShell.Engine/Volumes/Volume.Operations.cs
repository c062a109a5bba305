using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes;

public sealed partial class Volume
{
    private Volume(Machine machine, IBlockDevice device, MountOptions options) =>
        (Machine, Device, Options, IsMounted) = (machine, device, options, true);

    /// <summary><see cref="Mount"/> for a simulated thread.</summary>
    public static ValueTask<Volume> MountAsync(Machine machine, IBlockDevice device, MountOptions? options = null) => throw Unfinished();

    /// <summary><see cref="Create"/> for a simulated thread.</summary>
    public ValueTask<FileHandle> CreateAsync(string path, InodeMode permissions = DefaultFilePermissions) => throw Unfinished();

    /// <summary><see cref="Open"/> for a simulated thread.</summary>
    public ValueTask<FileHandle> OpenAsync(string path, OpenOptions options = OpenOptions.None) => throw Unfinished();

    /// <summary><see cref="Mkdir"/> for a simulated thread.</summary>
    public ValueTask MkdirAsync(string path, InodeMode permissions = DefaultDirectoryPermissions) => throw Unfinished();

    /// <summary><see cref="Rmdir"/> for a simulated thread.</summary>
    public ValueTask RmdirAsync(string path) => throw Unfinished();

    /// <summary><see cref="Link"/> for a simulated thread.</summary>
    public ValueTask LinkAsync(string existing, string name) => throw Unfinished();

    /// <summary><see cref="Unlink"/> for a simulated thread.</summary>
    public ValueTask UnlinkAsync(string path) => throw Unfinished();

    /// <summary><see cref="Stat"/> for a simulated thread.</summary>
    public ValueTask<InodeStatus> StatAsync(string path) => throw Unfinished();

    /// <summary><see cref="ReadDirectory"/> for a simulated thread.</summary>
    public ValueTask<IReadOnlyList<DirectoryItem>> ReadDirectoryAsync(string path) => throw Unfinished();

    /// <summary><see cref="Exists"/> for a simulated thread.</summary>
    public ValueTask<bool> ExistsAsync(string path) => throw Unfinished();

    /// <summary><see cref="Sync"/> for a simulated thread.</summary>
    public ValueTask SyncAsync() => throw Unfinished();

    /// <summary><see cref="Unmount"/> for a simulated thread.</summary>
    public ValueTask UnmountAsync() => throw Unfinished();

    /// <summary><see cref="Shutdown"/> for a simulated thread.</summary>
    public ValueTask ShutdownAsync(ShutdownKind kind) => throw Unfinished();

    /// <summary>What is used and free.</summary>
    public VolumeStatistics GetStatistics() => throw Unfinished();

    private static InvariantException Unfinished() => new("this landing has signatures only");
}
