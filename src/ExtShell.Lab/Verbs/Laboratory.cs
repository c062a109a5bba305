using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Verbs;

/// <summary>The verbs that begin with no volume: make one, mount one, check an image. Scripts, cmdlets and tests call these.</summary>
public static class Laboratory
{
    /// <summary>Makes a volume and mounts it with its write log and history running.</summary>
    /// <param name="path">The image file to make, replacing what was there; null for memory.</param>
    /// <param name="make">What to make; its size is that of the volume.</param>
    /// <param name="mount">How to mount it.</param>
    /// <param name="traits">What its device says of itself.</param>
    /// <exception cref="FileSystemException">EINVAL, ENOSPC: no such volume can be; EBUSY: the image is mounted.</exception>
    public static Volume NewVolume(string? path, VolumeMakeOptions make, MountOptions? mount = null, DeviceTraits? traits = null)
    {
        if (make.SizeBytes is not { } size || size <= 0)
            throw new FileSystemException(Errno.EINVAL, "make a volume", "a volume needs a size");
        IStorage storage = path is null ? new PagedMemory(size) : ImageFile.Create(path, size);
        try
        {
            VolumeMaker.Make(storage, make);
            return Mount(storage, mount, traits);
        }
        catch (FileSystemException)
        {
            (storage as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>Mounts the volume in an image file with its write log and history running.</summary>
    /// <exception cref="FileSystemException">ENOENT: no such file; EOPNOTSUPP: a feature that is not supported; EBUSY: it is mounted for
    /// writing already.</exception>
    /// <exception cref="CorruptionException">The file holds no ext volume, or a damaged one.</exception>
    public static Volume OpenVolume(string path, MountOptions? mount = null, DeviceTraits? traits = null)
    {
        ImageFile image = ImageFile.Open(path, mount?.ReadOnly ?? false);
        try
        {
            return Mount(image, mount, traits);
        }
        catch (Exception failure) when (failure is FileSystemException or CorruptionException)
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>Makes a new file system in an image file that is there, and mounts it; everything in it is lost.</summary>
    /// <exception cref="FileSystemException">ENOENT: no such file; EINVAL, ENOSPC: no such volume can be.</exception>
    public static Volume FormatImage(string path, VolumeMakeOptions make, MountOptions? mount = null, DeviceTraits? traits = null)
    {
        ImageFile image = ImageFile.Open(path);
        try
        {
            VolumeMaker.Make(image, make with { SizeBytes = make.SizeBytes ?? image.LengthBytes });
            return Mount(image, mount, traits);
        }
        catch (Exception failure) when (failure is FileSystemException or CorruptionException)
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>Mounts what a disk holds after a power cut, for looking around; the crash state stays as it is.</summary>
    public static Volume MountCrashState(CrashState state, MountOptions? mount = null) => Mount(state.ToStorage(), mount, null);

    /// <summary>
    /// Writes a crash state as an image file, not recovered: for the kernel, e2fsck and debugfs. Replaces what was there.
    /// </summary>
    /// <exception cref="IOException">The host refuses the file.</exception>
    public static void ExportCrashState(CrashState state, string path)
    {
        IStorage content = state.ToStorage();
        using ImageFile image = ImageFile.Create(path, content.LengthBytes);
        VolumeCheckpoint.Copy(content, image);
    }

    /// <summary>
    /// Mounts the volume on <paramref name="storage"/> and begins its log. Under a protocol that copies to memory the device is persistent
    /// memory.
    /// </summary>
    public static Volume Mount(IStorage storage, MountOptions? mount = null, DeviceTraits? traits = null)
    {
        mount ??= MountOptions.Default;
        var machine = new Machine();
        var history = new History();
        IRecordedDevice disk = WriteProtocols.Describe(mount.Protocol).DataPath == DataPath.Memory
            ? new PersistentMemory(machine, storage)
            : new SimulatedDisk(machine, storage, traits ?? new DeviceTraits(HasVolatileCache: true));
        Volume volume = Volume.Mount(machine, disk, mount with { Observer = history });
        history.Begin(disk.StartLog(), Baseline.Capture(storage));
        if (storage is ImageFile image)
        {
            var user = new WeakReference<Volume>(volume);
            image.HoldWhile(() => user.TryGetTarget(out Volume? known) && known.IsMounted);
        }

        return volume;
    }

    /// <summary>Checks an image file as it stands.</summary>
    /// <exception cref="FileSystemException">ENOENT: no such file.</exception>
    /// <exception cref="CorruptionException">There is no ext superblock at all.</exception>
    public static CheckReport CheckImage(string path)
    {
        using ImageFile image = ImageFile.Open(path, isReadOnly: true);
        return ImageChecker.Check(new StorageSource(image));
    }

    /// <summary>Recovers a copy of a crash state as mounting it would, and checks what comes out.</summary>
    /// <exception cref="FileSystemException">EUCLEAN: it does not mount; the message says why.</exception>
    public static CheckReport CheckCrashState(CrashState state)
    {
        IStorage storage = state.ToStorage();
        var machine = new Machine();
        (MountOutcome outcome, string text) = CrashMount.Recover(machine, new SimulatedDisk(machine, storage, default));
        return outcome == MountOutcome.Mounted
            ? ImageChecker.Check(new StorageSource(storage))
            : throw new FileSystemException(Errno.EUCLEAN, "mount a crash state", text);
    }
}
