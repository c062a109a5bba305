using System.Runtime.InteropServices;
using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// Extended attributes: in the room behind an inode's fields and in its attribute block, and given back with the inode.
/// </summary>
/// <remarks>
/// Entries go forward from the beginning, each a head and a name, and end with four zero bytes; values lie behind them, counted from the
/// block's beginning, or from the first entry where they are in the inode. A block may be shared: its header counts the inodes.
/// (1) Every entry and value is checked to lie inside its area before it is used.
/// </remarks>
public sealed partial class ExtendedAttributes
{
    /// <summary>Credits that <see cref="Release"/> needs at most: the block, and freeing it.</summary>
    public const int CreditsToRelease = 1 + BlockAllocator.CreditsToFree;

    private readonly VolumeContext _context;

    internal ExtendedAttributes(VolumeContext context) => _context = context;

    /// <summary>The names of an inode's attributes, with their prefixes (<c>user.</c>, …): those in the inode first.</summary>
    /// <exception cref="CorruptionException">The attributes are damaged.</exception>
    public IReadOnlyList<string> List(Inode inode)
    {
        var names = new List<string>();
        Area inside = InInode(inode);
        for (int offset = inside.FirstEntryOffset; inside.TryRead(ref offset, out XattrEntry entry, out ReadOnlySpan<byte> name);)
            names.Add(FullName(entry.NameIndex, name));
        Area block = InBlock(inode);
        for (int offset = block.FirstEntryOffset; block.TryRead(ref offset, out XattrEntry entry, out ReadOnlySpan<byte> name);)
            names.Add(FullName(entry.NameIndex, name));
        return names;
    }

    /// <summary>The value of an attribute; null if there is no such attribute.</summary>
    /// <exception cref="CorruptionException">The attributes are damaged.</exception>
    /// <exception cref="FileSystemException">EOPNOTSUPP: the value is in an inode of its own.</exception>
    public byte[]? Get(Inode inode, string fullName)
    {
        Area inside = InInode(inode);
        return Find(inside, fullName) ?? Find(InBlock(inode), fullName);
    }

    /// <summary>
    /// Gives the attribute block of an inode back that is being deleted: frees it, or counts it down where others share it. The caller
    /// stores the inode.
    /// </summary>
    internal void Release(Handle handle, Inode inode)
    {
        long block = inode.AttributeBlock;
        if (block == 0)
            return;
        Buffer buffer = _context.Buffers.Get(block);
        ReadBlock(inode, buffer);
        Span<byte> bytes = handle.GetWriteAccess(buffer);
        ref XattrHeader header = ref MemoryMarshal.AsRef<XattrHeader>(bytes);
        if (header.ReferenceCount.Value > 1)
        {
            header.ReferenceCount = header.ReferenceCount.Value - 1;
            if (_context.Geometry.HasMetadataChecksum)
                Ext4Checksums.XattrBlock(_context.Geometry, block).Store(bytes, buffer.OffsetBytes);
            handle.Dirty(buffer);
        }
        else
        {
            Forget(header.Hash, block);
            _context.Blocks.Free(handle, block, 1, BlockUse.Metadata);
        }

        inode.AttributeBlock = 0;
        inode.ChangeBlocks(-1);
    }

    private static byte[]? Find(Area area, string fullName)
    {
        for (int offset = area.FirstEntryOffset; area.TryRead(ref offset, out XattrEntry entry, out ReadOnlySpan<byte> name);)
        {
            if (FullName(entry.NameIndex, name) == fullName)
                return area.Value(entry);
        }

        return null;
    }

    private Area InInode(Inode inode)
    {
        if (!HasInside(inode))
            return default;
        return new Area(inode.AttributeBytes[XattrHeader.InInodeSizeBytes..], 0, inode.ImageOffsetBytes, inode.ToString());
    }

    private static bool HasInside(Inode inode)
    {
        ReadOnlySpan<byte> room = inode.AttributeBytes;
        return room.Length >= XattrHeader.InInodeSizeBytes
            && MemoryMarshal.Read<Format.Endian.Le32>(room).Value == XattrHeader.ExpectedMagic;
    }

    private Area InBlock(Inode inode)
    {
        if (inode.AttributeBlock == 0)
            return default;
        Buffer buffer = _context.Buffers.Get(inode.AttributeBlock);
        return new Area(ReadBlock(inode, buffer), XattrHeader.SizeBytes, buffer.OffsetBytes, $"attribute block of {inode}");
    }

    private ReadOnlySpan<byte> ReadBlock(Inode inode, Buffer buffer)
    {
        ChecksumRule rule = Ext4Checksums.XattrBlock(_context.Geometry, buffer.Block);
        if (_context.Geometry.HasMetadataChecksum && !buffer.TryReadVerified(0, buffer.SizeBytes, rule, out _))
            throw new CorruptionException(buffer.OffsetBytes, $"attribute block of {inode}", "h_checksum", "its sum", "another");
        ReadOnlySpan<byte> bytes = buffer.Read();
        XattrHeader header = MemoryMarshal.Read<XattrHeader>(bytes);
        if (header.Magic.Value != XattrHeader.ExpectedMagic || header.BlocksCount.Value != 1 || header.ReferenceCount.Value == 0)
        {
            throw new CorruptionException(
                buffer.OffsetBytes, $"attribute block of {inode}", "header", "the magic, one block, at least one inode",
                $"0x{header.Magic.Value:X8}, {header.BlocksCount.Value} blocks, {header.ReferenceCount.Value} inodes");
        }

        return bytes;
    }

    private static string FullName(byte index, ReadOnlySpan<byte> name) => XattrPrefix.Of((XattrNameIndex)index) + FileName.Decode(name);

    /// <summary>Where attributes are: entries from <see cref="FirstEntryOffset"/> on, values anywhere in it.</summary>
    private readonly ref struct Area(ReadOnlySpan<byte> bytes, int firstEntryOffset, long imageOffsetBytes, string owner)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public int FirstEntryOffset { get; } = firstEntryOffset;

        /// <summary>The entry at the offset, which moves on behind it; false at the end. (1)</summary>
        public bool TryRead(ref int offset, out XattrEntry entry, out ReadOnlySpan<byte> name)
        {
            entry = default;
            name = default;
            if (_bytes.IsEmpty)
                return false;
            if (_bytes.Length - offset < sizeof(uint))
                throw Wrong("entries", "four zero bytes at their end", "none");
            if (MemoryMarshal.Read<uint>(_bytes[offset..]) == 0)
                return false;
            if (_bytes.Length - offset < XattrEntry.SizeBytes)
                throw Wrong("entries", "entries inside the area", "one that leaves it");
            entry = MemoryMarshal.Read<XattrEntry>(_bytes[offset..]);
            if (entry.RecordLengthBytes > _bytes.Length - offset)
                throw Wrong("e_name_len", "an entry inside the area", $"{entry.NameLength}");
            name = _bytes.Slice(offset + XattrEntry.SizeBytes, entry.NameLength);
            offset += entry.RecordLengthBytes;
            return true;
        }

        public byte[] Value(in XattrEntry entry)
        {
            if (entry.ValueInode.Value != 0)
                throw new FileSystemException(Errno.EOPNOTSUPP, $"read attribute of {owner}", "its value has its own inode (ea_inode)");
            if (entry.ValueSize.Value > (uint)_bytes.Length || entry.ValueOffset.Value > _bytes.Length - (int)entry.ValueSize.Value)
                throw Wrong("e_value_offs", "a value inside the area", $"{entry.ValueSize.Value} bytes at {entry.ValueOffset.Value}");
            return _bytes.Slice(entry.ValueOffset.Value, (int)entry.ValueSize.Value).ToArray();
        }

        private CorruptionException Wrong(string field, string expected, string found) =>
            new(imageOffsetBytes, owner, field, expected, found);
    }
}
