using ExtShell.Format.Errors;

namespace ExtShell.Engine.Devices;

/// <summary>A failure of a device, as data: which bios fail, how, and how often.</summary>
public sealed record DeviceFault
{
    /// <summary>The operation that fails; null for any.</summary>
    public BioOperation? Operation { get; init; }

    /// <summary>The file whose data fails; 0 for whatever there is. Reads have no file: name the place on the device.</summary>
    public uint Inode { get; init; }

    /// <summary>The first byte of the place that fails: of the file if <see cref="Inode"/> is named, else of the device.</summary>
    public long FromBytes { get; init; }

    /// <summary>The byte behind the place.</summary>
    public long ToBytes { get; init; } = long.MaxValue;

    /// <summary>How the bio fails.</summary>
    public Errno Error { get; init; } = Errno.EIO;

    /// <summary>How many bios fail; 0 for all.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How many bios that it fits are let through first.</summary>
    public int After { get; init; }

    /// <summary>Whether it is for such a bio.</summary>
    public bool Fits(Bio bio)
    {
        if (Operation is { } operation && bio.Operation != operation)
            return false;
        if (Inode == 0)
            return bio.Operation == BioOperation.Flush || Overlaps(bio.OffsetBytes, bio.LengthBytes);
        return bio.Operation is BioOperation.Write or BioOperation.WriteZeroes && bio.Origin.Inode == Inode
            && Overlaps(bio.Origin.FileOffsetBytes, bio.LengthBytes);
    }

    private bool Overlaps(long offsetBytes, long lengthBytes) => offsetBytes < ToBytes && FromBytes < offsetBytes + lengthBytes;
}
