using System.Runtime.InteropServices;
using ExtShell.Format.Errors;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// Goes through the entries of one directory block, unused ones included, and checks each before it hands it out:
/// <code>
/// var reader = new DirectoryBlockReader(block, blockOffsetBytes, hasTail);
/// while (reader.MoveNext()) { … reader.Current … }
/// </code>
/// </summary>
/// <remarks>
/// Rules, those of ext4's own check of an entry (disk layout, "Linear (Classic) Directories").
/// (1) A record is at least 12 bytes long (8 if unused, as before a tail), and a multiple of 4.
/// (2) It has room for its name.
/// (3) It ends inside the block; and so does the last one, exactly, or where the tail begins.
/// (4) A used entry has a name; no name holds a slash or a zero byte, except of encrypted directories, which the caller reads raw.
/// The range of the inode number is the caller's to check: only it knows the volume.
/// </remarks>
public ref struct DirectoryBlockReader
{
    private readonly ReadOnlySpan<byte> _block;
    private readonly long _blockOffsetBytes;
    private readonly int _endBytes;
    private readonly bool _isRaw;
    private int _nextBytes;
    private DirectoryEntry _current;

    /// <summary>Begins before the first entry.</summary>
    /// <param name="block">The whole block.</param>
    /// <param name="blockOffsetBytes">Where in the image it is, for errors.</param>
    /// <param name="hasTail">Whether its last 12 bytes are a <see cref="DirectoryTail"/>.</param>
    /// <param name="isRaw">Whether names may hold any bytes: encrypted ones.</param>
    public DirectoryBlockReader(ReadOnlySpan<byte> block, long blockOffsetBytes, bool hasTail, bool isRaw = false)
    {
        _block = block;
        _blockOffsetBytes = blockOffsetBytes;
        _endBytes = hasTail ? block.Length - DirectoryTail.SizeBytes : block.Length;
        _isRaw = isRaw;
    }

    /// <summary>The entry at which the reader is.</summary>
    public readonly DirectoryEntry Current => _current;

    /// <summary>Goes to the next entry.</summary>
    /// <exception cref="CorruptionException">The block cannot be a directory's.</exception>
    public bool MoveNext()
    {
        if (_nextBytes >= _endBytes)
            return false;
        int offsetBytes = _nextBytes;
        if (_endBytes - offsetBytes < DirectoryEntryHeader.SizeBytes)
            throw Wrong(offsetBytes, "rec_len", "entries that fill the block", $"{_endBytes - offsetBytes} bytes left over");

        ref readonly DirectoryEntryHeader header = ref MemoryMarshal.AsRef<DirectoryEntryHeader>(_block[offsetBytes..]);
        int recordLengthBytes = DirectoryEntry.DecodeRecordLength(header.RecordLengthValue, _block.Length);
        int leastBytes = header.Inode.Value == 0 ? DirectoryEntryHeader.SizeBytes : DirectoryEntry.RecordLengthFor(1);
        if (recordLengthBytes < leastBytes || recordLengthBytes % DirectoryEntry.Alignment != 0) // (1)
            throw Wrong(offsetBytes, "rec_len", $"a multiple of 4 from {leastBytes} on", $"{recordLengthBytes}");
        if (recordLengthBytes > _endBytes - offsetBytes) // (3)
            throw Wrong(offsetBytes, "rec_len", $"at most {_endBytes - offsetBytes}", $"{recordLengthBytes}");

        int nameLengthBytes = header.NameLength;
        if (header.Inode.Value != 0)
            CheckName(offsetBytes, recordLengthBytes, nameLengthBytes);
        else
            nameLengthBytes = Math.Min(nameLengthBytes, recordLengthBytes - DirectoryEntryHeader.SizeBytes);

        _current = new DirectoryEntry(
            offsetBytes, recordLengthBytes, header, _block.Slice(offsetBytes + DirectoryEntryHeader.SizeBytes, nameLengthBytes));
        _nextBytes = offsetBytes + recordLengthBytes;
        return true;
    }

    private readonly void CheckName(int offsetBytes, int recordLengthBytes, int nameLengthBytes)
    {
        if (DirectoryEntry.RecordLengthFor(nameLengthBytes) > recordLengthBytes) // (2)
            throw Wrong(offsetBytes, "name_len", $"at most {recordLengthBytes - DirectoryEntryHeader.SizeBytes}", $"{nameLengthBytes}");
        if (nameLengthBytes == 0) // (4)
            throw Wrong(offsetBytes, "name_len", "at least 1", "0");
        if (!_isRaw && _block.Slice(offsetBytes + DirectoryEntryHeader.SizeBytes, nameLengthBytes).ContainsAny((byte)0, (byte)'/'))
            throw Wrong(offsetBytes, "name", "no slash and no zero byte", "one");
    }

    private readonly CorruptionException Wrong(int offsetBytes, string field, string expected, string found) =>
        new(_blockOffsetBytes + offsetBytes, "directory entry", field, expected, found);
}
