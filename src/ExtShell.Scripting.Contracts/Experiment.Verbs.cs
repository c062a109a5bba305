using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Verbs;

namespace ExtShell.Scripting.Contracts;

public sealed partial class Experiment
{
    private readonly List<Volume> _volumes = [];

    /// <summary>The volumes that the script made or opened, in that order.</summary>
    public IReadOnlyList<Volume> Volumes => _volumes;

    /// <summary>Makes an ext4 volume in memory, its free blocks filled with traceable stale content, and mounts it.</summary>
    /// <inheritdoc cref="NewVolume(string, string, string, int, string, bool?, MountOptions?, string?, string[], DeviceTraits?)"/>
    public Volume NewVolume(
        string size,
        int blockSize = 4096,
        string type = "ext4",
        string features = "",
        bool? fill = null,
        MountOptions? mount = null,
        string? protocol = null,
        string[]? switches = null,
        DeviceTraits? traits = null) => NewVolume(null, size, type, blockSize, features, fill, mount, protocol, switches, traits);

    /// <summary>Makes a volume and mounts it, with its write log running.</summary>
    /// <param name="path">The image file to make, replacing what was there; null for memory.</param>
    /// <param name="size">Its size, such as <c>64MiB</c>.</param>
    /// <param name="type">ext2, ext3 or ext4.</param>
    /// <param name="blockSize">Bytes of a block: 1024, 2048 or 4096.</param>
    /// <param name="features">Features to add, or with <c>^</c> to leave out, as <c>mke2fs -O</c>.</param>
    /// <param name="fill">Whether free blocks get traceable stale content; by default in memory only.</param>
    /// <param name="mount">How it is mounted; overrides <paramref name="protocol"/> and <paramref name="switches"/>.</param>
    /// <param name="protocol">The direct I/O protocol.</param>
    /// <param name="switches">The protocol's defects that are turned on.</param>
    /// <param name="traits">What its device says of itself.</param>
    /// <exception cref="FileSystemException">EINVAL, ENOSPC: no such volume can be.</exception>
    public Volume NewVolume(
        string? path,
        string size,
        string type = "ext4",
        int blockSize = 4096,
        string features = "",
        bool? fill = null,
        MountOptions? mount = null,
        string? protocol = null,
        string[]? switches = null,
        DeviceTraits? traits = null)
    {
        if (!Enum.TryParse(type, ignoreCase: true, out VolumeType volumeType) || !Enum.IsDefined(volumeType))
            throw new FileSystemException(Errno.EINVAL, $"make a volume of type '{type}'", "the types are ext2, ext3 and ext4");
        var make = new VolumeMakeOptions
        {
            SizeBytes = SizeText.Parse(size),
            Type = volumeType,
            BlockSizeBytes = blockSize,
            Features = features,
            FillFreeBlocks = fill ?? path is null,
        };
        mount ??= MountOptions.Default with { Protocol = protocol ?? MountOptions.Default.Protocol, Switches = switches ?? [] };
        return Keep(Laboratory.NewVolume(path, make, mount, traits));
    }

    /// <summary>Mounts the volume in an image file, with its write log running.</summary>
    /// <exception cref="FileSystemException">ENOENT: no such file; EOPNOTSUPP: a feature that is not supported.</exception>
    /// <exception cref="CorruptionException">The file holds no ext volume, or a damaged one.</exception>
    public Volume OpenVolume(string path, bool readOnly = false, MountOptions? mount = null) =>
        Keep(Laboratory.OpenVolume(path, mount ?? MountOptions.Default with { ReadOnly = readOnly }));

    /// <summary>Mounts what a disk holds after a power cut, for looking around; the crash state stays as it is.</summary>
    /// <exception cref="FileSystemException">EUCLEAN: the state does not mount; the message says why.</exception>
    public Volume OpenVolume(CrashState state, bool readOnly = false, MountOptions? mount = null) =>
        Keep(Laboratory.MountCrashState(state, mount ?? MountOptions.Default with { ReadOnly = readOnly }));

    /// <summary>Checks an image file as it stands.</summary>
    /// <exception cref="FileSystemException">ENOENT: no such file.</exception>
    /// <exception cref="CorruptionException">There is no ext superblock at all.</exception>
    public CheckReport CheckImage(string path) => Laboratory.CheckImage(path);

    /// <summary>Unmounts what the script left mounted, and closes its image files.</summary>
    public void Dispose()
    {
        while (_volumes.Count > 0)
        {
            Volume volume = _volumes[^1];
            _volumes.RemoveAt(_volumes.Count - 1);
            using var storage = (volume.Device as IRecordedDevice)?.Storage as IDisposable;
            volume.Dispose();
        }
    }

    private Volume Keep(Volume volume)
    {
        _volumes.Add(volume);
        return volume;
    }
}
