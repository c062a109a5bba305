using System.Runtime.InteropServices;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// Surgery on the entries of one linear directory block. A record is either used, with what is behind its name free, or unused (inode 0)
/// and free as a whole; records follow each other without gaps up to the end, or up to the checksum tail.
/// </summary>
/// <remarks>
/// (1) A new entry goes into the first record with enough room: behind the name of a used one, which is split, or in place of an unused
/// one.
/// (2) A removed entry joins the record before it, and is wiped; the first of a block becomes unused instead.
/// (3) Records keep filling the block exactly.
/// (4) Every step checks the record that it stands on: a block that was checked once may belong to two files of a damaged volume.
/// </remarks>
internal readonly struct LinearBlock
{
    /// <summary>No record fits, or no entry has that name.</summary>
    public const int None = -1;

    private readonly int _endBytes;
    private readonly long _imageOffsetBytes;

    /// <summary>Describes a block's place.</summary>
    /// <param name="endBytes">Where in the block its records end.</param>
    /// <param name="imageOffsetBytes">Where in the image the block begins, for errors.</param>
    public LinearBlock(int endBytes, long imageOffsetBytes) => (_endBytes, _imageOffsetBytes) = (endBytes, imageOffsetBytes);

    /// <summary>Where the entry with <paramref name="name"/> begins.</summary>
    public int Find(ReadOnlySpan<byte> block, ReadOnlySpan<byte> name)
    {
        for (int offset = 0; offset < _endBytes;)
        {
            int lengthBytes = RecordLength(block, offset);
            ref readonly DirectoryEntryHeader header = ref Header(block, offset);
            if (header.NameLength == name.Length && header.Inode.Value != 0
                && block.Slice(offset + DirectoryEntryHeader.SizeBytes, name.Length).SequenceEqual(name))
                return offset;
            offset += lengthBytes;
        }

        return None;
    }

    /// <summary>Where a record with room for an entry of <paramref name="neededBytes"/> begins.</summary>
    public int FindRoom(ReadOnlySpan<byte> block, int neededBytes)
    {
        for (int offset = 0; offset < _endBytes;)
        {
            int lengthBytes = RecordLength(block, offset);
            if (lengthBytes - UsedLength(block, offset) >= neededBytes) // (1)
                return offset;
            offset += lengthBytes;
        }

        return None;
    }

    /// <summary>Puts an entry into the record at <paramref name="offset"/>, which <see cref="FindRoom"/> found.</summary>
    public void Insert(Span<byte> block, int offset, uint inode, FileType type, ReadOnlySpan<byte> name)
    {
        int lengthBytes = RecordLength(block, offset);
        int usedBytes = UsedLength(block, offset);
        InvariantException.Require(
            lengthBytes - usedBytes >= DirectoryEntry.RecordLengthFor(name.Length), "a record has room for the entry that is put into it");
        if (usedBytes > 0)
        {
            SetRecordLength(block, offset, usedBytes); // (1), (3)
            offset += usedBytes;
            lengthBytes -= usedBytes;
        }

        DirectoryEntry.Write(block.Slice(offset, lengthBytes), block.Length, inode, type, name);
    }

    /// <summary>Takes away the entry at <paramref name="offset"/>.</summary>
    public void Remove(Span<byte> block, int offset)
    {
        int lengthBytes = RecordLength(block, offset);
        int before = None;
        for (int at = 0; at < offset; at += RecordLength(block, at))
            before = at;

        block.Slice(offset, lengthBytes).Clear(); // (2)
        if (before == None)
            SetRecordLength(block, offset, lengthBytes);
        else
            SetRecordLength(block, before, offset - before + lengthBytes); // (3)
    }

    /// <summary>Makes the block hold one unused record, and an empty tail if it has one.</summary>
    public void Initialize(Span<byte> block)
    {
        block.Clear();
        SetRecordLength(block, 0, _endBytes);
        if (_endBytes < block.Length)
            MemoryMarshal.AsRef<DirectoryTail>(block[_endBytes..]).Initialize();
    }

    /// <summary>Makes the block a new directory's first: "." and "..".</summary>
    public void InitializeFirst(Span<byte> block, uint self, uint parent, FileType type)
    {
        Initialize(block);
        int dotBytes = DirectoryEntry.RecordLengthFor(1);
        DirectoryEntry.Write(block[..dotBytes], block.Length, self, type, "."u8);
        DirectoryEntry.Write(block[dotBytes.._endBytes], block.Length, parent, type, ".."u8);
    }

    /// <summary>Puts a copy of a used entry at <paramref name="offset"/>, into a record of so many bytes.</summary>
    public static void Place(Span<byte> block, int offset, int lengthBytes, ReadOnlySpan<byte> entry)
    {
        entry.CopyTo(block[offset..]);
        SetRecordLength(block, offset, lengthBytes);
    }

    /// <summary>The head of the entry at <paramref name="offset"/>.</summary>
    public static ref readonly DirectoryEntryHeader Header(ReadOnlySpan<byte> block, int offset) =>
        ref MemoryMarshal.AsRef<DirectoryEntryHeader>(block[offset..]);

    private int RecordLength(ReadOnlySpan<byte> block, int offset)
    {
        int leftBytes = _endBytes - offset; // (4)
        if (leftBytes < DirectoryEntryHeader.SizeBytes)
            throw Wrong(offset, "entries that fill the block", $"{leftBytes} bytes left over");
        int lengthBytes = DirectoryEntry.DecodeRecordLength(Header(block, offset).RecordLengthValue, block.Length);
        int leastBytes = Math.Max(UsedLength(block, offset), DirectoryEntryHeader.SizeBytes);
        if (lengthBytes < leastBytes || lengthBytes > leftBytes || lengthBytes % DirectoryEntry.Alignment != 0)
            throw Wrong(offset, $"a multiple of 4 from {leastBytes} to {leftBytes}", $"{lengthBytes}");
        return lengthBytes;
    }

    private static int UsedLength(ReadOnlySpan<byte> block, int offset)
    {
        ref readonly DirectoryEntryHeader header = ref Header(block, offset);
        return header.Inode.Value == 0 ? 0 : DirectoryEntry.RecordLengthFor(header.NameLength);
    }

    private static void SetRecordLength(Span<byte> block, int offset, int lengthBytes) =>
        MemoryMarshal.AsRef<DirectoryEntryHeader>(block[offset..]).RecordLengthValue =
            DirectoryEntry.EncodeRecordLength(lengthBytes, block.Length);

    private CorruptionException Wrong(int offset, string expected, string found) =>
        new(_imageOffsetBytes + offset, "directory entry", "rec_len", expected, found);
}
