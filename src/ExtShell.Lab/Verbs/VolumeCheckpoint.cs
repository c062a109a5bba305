using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Verbs;

/// <summary>
/// What the disk of a volume held at one moment. It costs what is written after it, and lives as long as the volume's image is open.
/// </summary>
public sealed class VolumeCheckpoint
{
    private const int ChunkBytes = 64 << 10;
    private readonly IStorage _content;

    internal VolumeCheckpoint(Volume volume, IStorage content, string name)
    {
        Volume = volume;
        _content = content;
        Name = name;
        TakenUnixNanoseconds = volume.Machine.Clock.NowNanoseconds;
    }

    /// <summary>The volume; after a restore it is unmounted, and the restored one is another object.</summary>
    public Volume Volume { get; }

    /// <summary>A name for people.</summary>
    public string Name { get; }

    /// <summary>The simulated time at which it was taken, nanoseconds since 1970.</summary>
    public long TakenUnixNanoseconds { get; }

    /// <summary>The content; not to be written.</summary>
    public IStorage Content => _content;

    /// <summary>
    /// Puts the content back: the volume is shut down as it is, its storage gets the bytes of the checkpoint, and is mounted again as the
    /// volume was. The checkpoint can be restored any number of times.
    /// </summary>
    /// <param name="current">The volume that stands on the storage now; null for the one of which the checkpoint was taken.</param>
    /// <returns>The volume mounted anew, with a log and a history of its own.</returns>
    /// <exception cref="FileSystemException">EBADF: the image was closed; EROFS: it was opened read-only; EINVAL: another
    /// storage.</exception>
    public Volume Restore(Volume? current = null)
    {
        current ??= Volume;
        IStorage storage = current.Storage;
        if (storage != Volume.Storage)
            throw new FileSystemException(Errno.EINVAL, "restore a volume", "the checkpoint is of another volume");
        current.Discard();
        try
        {
            Copy(_content, storage);
        }
        catch (ObjectDisposedException)
        {
            throw new FileSystemException(Errno.EBADF, "restore a volume", "its image was closed");
        }

        return Laboratory.Mount(storage, current.Options with { Observer = null }, current.Device.Traits);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"checkpoint {Name} of a volume of {_content.LengthBytes:N0} bytes");

    /// <summary>Writes what differs.</summary>
    internal static void Copy(IStorage from, IStorage to)
    {
        for (long at = 0; at < from.LengthBytes; at += ChunkBytes)
        {
            int length = (int)Math.Min(ChunkBytes, from.LengthBytes - at);
            ReadOnlySpan<byte> wanted = from.Read(at, length);
            if (!to.Read(at, length).SequenceEqual(wanted))
                to.Write(at, wanted);
        }
    }
}
