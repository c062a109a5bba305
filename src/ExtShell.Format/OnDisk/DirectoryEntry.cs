using System.Runtime.InteropServices;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// One entry of a directory block as <see cref="DirectoryBlockReader"/> finds it: a view, valid as long as the block's span.
/// </summary>
public readonly ref struct DirectoryEntry
{
    /// <summary>The longest name, bytes.</summary>
    public const int MaxNameLengthBytes = 255;

    /// <summary>Entries begin at multiples of this, bytes.</summary>
    public const int Alignment = 4;

    internal DirectoryEntry(int offsetBytes, int recordLengthBytes, in DirectoryEntryHeader header, ReadOnlySpan<byte> name)
    {
        OffsetBytes = offsetBytes;
        RecordLengthBytes = recordLengthBytes;
        Inode = header.Inode;
        FileType = header.FileType;
        Name = name;
    }

    /// <summary>Where in the block it begins.</summary>
    public int OffsetBytes { get; }

    /// <summary>Bytes to the next entry.</summary>
    public int RecordLengthBytes { get; }

    /// <summary>The inode; 0 if the entry is unused.</summary>
    public uint Inode { get; }

    /// <summary>The type of the file that it names.</summary>
    public FileType FileType { get; }

    /// <summary>The name's bytes.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Whether it names a file.</summary>
    public bool IsUsed => Inode != 0;

    /// <summary>Bytes that an entry with a name of so many bytes needs.</summary>
    public static int RecordLengthFor(int nameLengthBytes) => (DirectoryEntryHeader.SizeBytes + nameLengthBytes + 3) & ~3;

    /// <summary>The distance that <paramref name="stored"/> means: blocks of 64 KiB do not fit in 16 bits.</summary>
    public static int DecodeRecordLength(ushort stored, int blockSizeBytes)
    {
        if (blockSizeBytes < 65536)
            return stored;
        return stored is 0 or 0xFFFF ? blockSizeBytes : (stored & 0xFFFC) | ((stored & 3) << 16);
    }

    /// <summary>The field that means <paramref name="lengthBytes"/>.</summary>
    public static ushort EncodeRecordLength(int lengthBytes, int blockSizeBytes)
    {
        if (lengthBytes < 65536)
            return (ushort)lengthBytes;
        return lengthBytes == blockSizeBytes
            ? (ushort)(blockSizeBytes == 65536 ? 0xFFFF : 0)
            : (ushort)((lengthBytes & 0xFFFC) | ((lengthBytes >> 16) & 3));
    }

    /// <summary>
    /// Writes an entry at <paramref name="record"/>'s beginning that covers all of it; what is behind the name stays as it is.
    /// </summary>
    public static void Write(Span<byte> record, int blockSizeBytes, uint inode, FileType fileType, ReadOnlySpan<byte> name)
    {
        ref DirectoryEntryHeader header = ref MemoryMarshal.AsRef<DirectoryEntryHeader>(record);
        header.Inode = inode;
        header.RecordLengthValue = EncodeRecordLength(record.Length, blockSizeBytes);
        header.NameLength = (byte)name.Length;
        header.FileType = fileType;
        name.CopyTo(record[DirectoryEntryHeader.SizeBytes..]);
    }

    /// <summary>The type that an entry for a file of <paramref name="mode"/> holds.</summary>
    public static FileType TypeOf(InodeMode mode) => (mode & InodeMode.TypeMask) switch
    {
        InodeMode.Regular => FileType.Regular,
        InodeMode.Directory => FileType.Directory,
        InodeMode.CharacterDevice => FileType.CharacterDevice,
        InodeMode.BlockDevice => FileType.BlockDevice,
        InodeMode.Fifo => FileType.Fifo,
        InodeMode.Socket => FileType.Socket,
        InodeMode.SymbolicLink => FileType.SymbolicLink,
        _ => FileType.Unknown,
    };
}
