using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// The orphan file: each block an array of inode numbers, 0 where free, and a tail with magic and checksum. Its blocks are there from the
/// beginning; it never grows.
/// </summary>
/// <remarks>
/// (1) A block is verified when it is first used; a sum binds it to its place on the volume, so that an old copy elsewhere is none.
/// (2) A free place is looked for from where the last one was found.
/// </remarks>
internal sealed class OrphanFile
{
    private readonly VolumeContext _context;
    private readonly Inode _inode;
    private readonly Buffer[] _blocks;
    private readonly int _slotsPerBlock;
    private int _nextSlot;

    private OrphanFile(VolumeContext context, Inode inode)
    {
        _context = context;
        _inode = inode;
        VolumeGeometry geometry = context.Geometry;
        _slotsPerBlock = (geometry.BlockSizeBytes - OrphanBlockTail.SizeBytes) / sizeof(uint);
        long count = inode.SizeBytes >> geometry.BlockSizeShift;
        bool isWhole = count > 0 && inode.SizeBytes % geometry.BlockSizeBytes == 0;
        if (!isWhole || count > geometry.BlocksCount || count > int.MaxValue / _slotsPerBlock)
            throw Wrong(inode.ImageOffsetBytes, "i_size", "whole blocks of the volume", $"{inode.SizeBytes}");
        var blocks = new List<Buffer>();
        for (uint logical = 0; logical < count; logical++)
            blocks.Add(OpenBlock(logical));
        _blocks = [.. blocks];
    }

    /// <summary>Opens and verifies the volume's orphan file.</summary>
    /// <exception cref="CorruptionException">It is damaged.</exception>
    public static OrphanFile Open(VolumeContext context, InodeTable inodes)
    {
        Inode inode = inodes.GetReserved(context.SuperBlock.Value.OrphanFileInode);
        if (!inode.IsRegular)
            throw new CorruptionException(inode.ImageOffsetBytes, $"orphan file ({inode})", "i_mode", "a regular file", $"{inode.Mode}");
        return new OrphanFile(context, inode);
    }

    /// <summary>The numbers in it, each with its slot.</summary>
    public List<(uint Inode, int Slot)> Read()
    {
        var found = new List<(uint, int)>();
        for (int slot = 0; slot < _blocks.Length * _slotsPerBlock; slot++)
        {
            uint number = BinaryPrimitives.ReadUInt32LittleEndian(_blocks[slot / _slotsPerBlock].Read(Offset(slot), sizeof(uint)));
            if (number != 0)
                found.Add((number, slot));
        }

        return found;
    }

    /// <summary>Puts a number in a free slot (one block), if there is one.</summary>
    public bool TryAdd(Handle handle, uint number, out int slot)
    {
        int count = _blocks.Length * _slotsPerBlock;
        for (int tried = 0; tried < count; tried++)
        {
            slot = (_nextSlot + tried) % count; // (2)
            if (BinaryPrimitives.ReadUInt32LittleEndian(_blocks[slot / _slotsPerBlock].Read(Offset(slot), sizeof(uint))) != 0)
                continue;
            Store(handle, slot, number);
            _nextSlot = (slot + 1) % count;
            return true;
        }

        slot = -1;
        return false;
    }

    /// <summary>Frees the slot of a number (one block).</summary>
    public void Remove(Handle handle, uint number, int slot)
    {
        uint found = BinaryPrimitives.ReadUInt32LittleEndian(_blocks[slot / _slotsPerBlock].Read(Offset(slot), sizeof(uint)));
        InvariantException.Require(found == number, "an orphan's slot holds its number");
        Store(handle, slot, 0);
        _nextSlot = slot;
    }

    private int Offset(int slot) => slot % _slotsPerBlock * sizeof(uint);

    private void Store(Handle handle, int slot, uint number)
    {
        Buffer buffer = _blocks[slot / _slotsPerBlock];
        Span<byte> block = handle.GetWriteAccess(buffer);
        BinaryPrimitives.WriteUInt32LittleEndian(block[Offset(slot)..], number);
        if (_context.Geometry.HasMetadataChecksum)
            Rule(buffer).Store(block, buffer.OffsetBytes);
        handle.Dirty(buffer);
    }

    private Buffer OpenBlock(uint logical)
    {
        BlockMapping mapping = _inode.Map.Lookup(logical, 1);
        if (mapping.State != MappingState.Written)
            throw Wrong(_inode.ImageOffsetBytes, $"block {logical}", "a written block", $"{mapping.State}");
        Buffer buffer = _context.Buffers.Get(mapping.PhysicalBlock);
        int sizeBytes = _context.Geometry.BlockSizeBytes;
        ChecksumRule rule = Rule(buffer);
        if (_context.Geometry.HasMetadataChecksum && !buffer.TryReadVerified(0, sizeBytes, rule, out _)) // (1)
            throw Wrong(buffer.OffsetBytes, "ob_checksum", "the sum of the block", "another");
        ReadOnlySpan<byte> block = buffer.Read(0, sizeBytes);
        uint magic = MemoryMarshal.AsRef<OrphanBlockTail>(block[^OrphanBlockTail.SizeBytes..]).Magic.Value;
        if (magic != OrphanBlockTail.ExpectedMagic)
            throw Wrong(buffer.OffsetBytes, "ob_magic", $"0x{OrphanBlockTail.ExpectedMagic:X8}", $"0x{magic:X8}");
        return buffer;
    }

    private ChecksumRule Rule(Buffer buffer) =>
        Ext4Checksums.OrphanBlock(_context.Geometry, _context.Geometry.InodeChecksumSeed(_inode.Number, _inode.Generation), buffer.Block);

    private CorruptionException Wrong(long offsetBytes, string field, string expected, string found) =>
        new(offsetBytes, $"orphan file ({_inode})", field, expected, found);
}
