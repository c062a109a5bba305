using System.Management.Automation;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Provider;

/// <summary>
/// A drive over a volume. Its root in provider paths is <c>volume-N</c>, so that a path names its volume wherever it goes.
/// </summary>
internal sealed class VolumeDrive : PSDriveInfo
{
    private static readonly Lock Gate = new();
    private static readonly List<VolumeDrive> Drives = [];
    private static int _last;
    private readonly bool _ownsVolume;
    private readonly ImageFile? _image;

    private VolumeDrive(string name, ProviderInfo provider, Volume volume, string shown, bool isReadOnly, bool ownsVolume, ImageFile? image)
        : base(name, provider, $"volume-{Interlocked.Increment(ref _last)}", $"ExtShell: {volume}", null, shown)
    {
        Volume = volume;
        IsReadOnly = isReadOnly;
        _ownsVolume = ownsVolume;
        _image = image;
        lock (Gate)
            Drives.Add(this);
    }

    public Volume Volume { get; }

    public bool IsReadOnly { get; }

    /// <summary>A drive over a volume that is mounted.</summary>
    public static VolumeDrive Over(
        string name, ProviderInfo provider, Volume volume, bool isReadOnly, bool ownsVolume, string? shown = null) =>
        new(name, provider, volume, shown ?? VolumeRegistry.ImagePathOf(volume) ?? "memory", isReadOnly, ownsVolume, null);

    /// <summary>A drive over an image. One that is only read is recovered beside the image, which stays as it is.</summary>
    public static VolumeDrive OverImage(string name, ProviderInfo provider, string path, bool isReadOnly)
    {
        if (!isReadOnly)
            return Over(name, provider, VolumeRegistry.Keep(Laboratory.OpenVolume(path)), isReadOnly, ownsVolume: true);
        ImageFile image = ImageFile.Open(path, isReadOnly: true);
        try
        {
            Volume volume = Laboratory.Mount(image.Snapshot(), MountOptions.Default with { ReadOnly = true });
            return new VolumeDrive(name, provider, VolumeRegistry.Keep(volume), path, isReadOnly, ownsVolume: true, image);
        }
        catch (Exception failure) when (failure is FileSystemException or CorruptionException)
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>The drive whose root a provider path begins with; null for none.</summary>
    public static VolumeDrive? Of(string path)
    {
        string root = path.Split('/', '\\')[0];
        lock (Gate)
            return Drives.Find(drive => drive.Root == root);
    }

    /// <summary>Lets go of the volume, if it is the drive's own.</summary>
    public void Close()
    {
        lock (Gate)
            Drives.Remove(this);
        if (_ownsVolume)
            VolumeRegistry.Release(Volume);
        _image?.Dispose();
    }
}
