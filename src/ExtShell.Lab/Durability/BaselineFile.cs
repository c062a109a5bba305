using ExtShell.Check;

namespace ExtShell.Lab.Durability;

/// <summary>A file or directory as it was when the log began.</summary>
public sealed class BaselineFile
{
    private readonly Func<long, int, byte[]> _read;

    /// <summary>Makes it.</summary>
    /// <param name="inode">Its inode's number.</param>
    /// <param name="paths">Its names, from the root.</param>
    /// <param name="isDirectory">Whether it is a directory.</param>
    /// <param name="sizeBytes">Its size.</param>
    /// <param name="read">Its content: offset and length in bytes, within the size.</param>
    /// <param name="runs">Where its blocks were; may be left out.</param>
    /// <param name="blockSizeBytes">The volume's block size.</param>
    public BaselineFile(
        uint inode,
        IReadOnlyList<string> paths,
        bool isDirectory,
        long sizeBytes,
        Func<long, int, byte[]> read,
        IReadOnlyList<MappedRun>? runs = null,
        int blockSizeBytes = 4096)
    {
        Inode = inode;
        Paths = paths;
        IsDirectory = isDirectory;
        SizeBytes = sizeBytes;
        _read = read;
        Runs = runs ?? [];
        BlockSizeBytes = blockSizeBytes;
    }

    /// <summary>Its inode's number.</summary>
    public uint Inode { get; }

    /// <summary>Its names, from the root.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory { get; }

    /// <summary>Its size in bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>Where its blocks were.</summary>
    public IReadOnlyList<MappedRun> Runs { get; }

    /// <summary>The volume's block size.</summary>
    public int BlockSizeBytes { get; }

    /// <summary>What its blocks hold in the range, past its size too; holes and unwritten blocks hold zeroes.</summary>
    internal byte[] ReadMapped(long offsetBytes, int lengthBytes) => _read(offsetBytes, lengthBytes);

    /// <summary>Its content in the range, zeroes past its size.</summary>
    public byte[] Read(long offsetBytes, int lengthBytes)
    {
        var bytes = new byte[lengthBytes];
        int within = (int)Math.Clamp(SizeBytes - offsetBytes, 0, lengthBytes);
        if (within > 0)
            _read(offsetBytes, within).CopyTo(bytes, 0);
        return bytes;
    }
}
