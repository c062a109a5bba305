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
/// The blocks of directories: finds them through the map, verifies each once, and writes them back with their checksum. A leaf's sum is
/// in a tail that looks like an unused entry; a hash tree's inner block has its own, where the room for its entries ends.
/// </summary>
/// <remarks>
/// (1) A directory's size is a multiple of the block size, within the volume; it has no holes and no unwritten blocks. So what a
/// directory costs is bounded by what is really there.
/// (2) A block counts as verified when its sum matched and every entry in it passed.
/// </remarks>
internal sealed class DirectoryBlocks(VolumeContext context)
{
    private const int LargestSizeBytes = int.MaxValue;

    private readonly VolumeGeometry _geometry = context.Geometry;

    /// <summary>Bytes of a block.</summary>
    public int BlockSizeBytes => _geometry.BlockSizeBytes;

    /// <summary>Where in a leaf its entries end.</summary>
    public int EntriesEndBytes => _geometry.HasMetadataChecksum ? BlockSizeBytes - DirectoryTail.SizeBytes : BlockSizeBytes;

    /// <summary>How many blocks the directory has.</summary>
    /// <exception cref="CorruptionException">Its size cannot be a directory's. (1)</exception>
    /// <exception cref="FileSystemException">EOPNOTSUPP: it is kept in its inode.</exception>
    public uint Count(Inode directory)
    {
        directory.RequireBlocks();
        long sizeBytes = directory.SizeBytes;
        long mostBlocks = Math.Min(_geometry.BlocksCount, uint.MaxValue);
        if (sizeBytes <= 0 || sizeBytes % BlockSizeBytes != 0 || sizeBytes / BlockSizeBytes > mostBlocks)
            throw Wrong(directory, "i_size", $"1 to {mostBlocks} blocks of {BlockSizeBytes} bytes", $"{sizeBytes}");
        return (uint)(sizeBytes / BlockSizeBytes);
    }

    /// <summary>The buffer of a block, whose content is still to be verified.</summary>
    public Buffer Get(Inode directory, uint logicalBlock)
    {
        BlockMapping mapping = directory.Map.Lookup(logicalBlock, 1);
        if (mapping.State != MappingState.Written) // (1)
            throw Wrong(directory, $"directory block {logicalBlock}", "a written block", $"{mapping.State}");
        return context.Buffers.Get(mapping.PhysicalBlock);
    }

    /// <summary>A leaf, verified.</summary>
    /// <exception cref="CorruptionException">The block is no leaf of this directory.</exception>
    public Buffer GetLeaf(Inode directory, uint logicalBlock)
    {
        Buffer buffer = Get(directory, logicalBlock);
        if (!buffer.IsVerified)
        {
            CheckEntries(directory, buffer, ReadLeaf(directory, buffer));
            buffer.IsVerified = true; // (2)
        }

        return buffer;
    }

    /// <summary>Gives the directory a block more, all zeroes, which the caller fills and stores.</summary>
    /// <param name="handle">Has the credits to map a block, one for the block and one for the inode.</param>
    /// <param name="directory">The directory, which may be empty.</param>
    /// <param name="block">Its bytes, for changing.</param>
    /// <param name="logicalBlock">Its number in the directory.</param>
    /// <exception cref="FileSystemException">ENOSPC: nothing was changed.</exception>
    public Buffer Append(Handle handle, Inode directory, out Span<byte> block, out uint logicalBlock)
    {
        if (directory.SizeBytes > LargestSizeBytes - BlockSizeBytes)
            throw new FileSystemException(Errno.ENOSPC, "add a name", $"the directory ({directory}) has its largest size");
        logicalBlock = (uint)(directory.SizeBytes / BlockSizeBytes);
        BlockMapping mapping = directory.Map.Allocate(handle, logicalBlock, 1, MappingState.Written);
        Buffer buffer = context.Buffers.GetNew(mapping.PhysicalBlock);
        block = handle.GetCreateAccess(buffer);
        buffer.IsVerified = true;
        directory.SizeBytes += BlockSizeBytes;
        directory.DiskSizeBytes = directory.SizeBytes;
        directory.MarkDirty(handle);
        return buffer;
    }

    /// <summary>Where a leaf's entries are, for surgery.</summary>
    public LinearBlock Layout(Buffer leaf) => new(EntriesEndBytes, leaf.OffsetBytes);

    /// <summary>All bytes of a block that was verified.</summary>
    public ReadOnlySpan<byte> Bytes(Buffer block) => block.Read(0, BlockSizeBytes);

    /// <summary>Stores a changed leaf's checksum and hands the leaf to the journal.</summary>
    public void StoreLeaf(Handle handle, Inode directory, Buffer leaf, Span<byte> block)
    {
        if (_geometry.HasMetadataChecksum)
            LeafRule(directory, leaf.OffsetBytes).Store(block, leaf.OffsetBytes);
        handle.Dirty(leaf);
    }

    private ReadOnlySpan<byte> ReadLeaf(Inode directory, Buffer buffer)
    {
        if (!_geometry.HasMetadataChecksum)
            return Bytes(buffer);
        ChecksumRule rule = LeafRule(directory, buffer.OffsetBytes);
        if (!buffer.TryReadVerified(0, BlockSizeBytes, rule, out _))
            throw WrongBlock(directory, buffer, "det_checksum", "the sum of the block", "another");
        ReadOnlySpan<byte> block = Bytes(buffer);
        if (!MemoryMarshal.AsRef<DirectoryTail>(block[EntriesEndBytes..]).IsTail)
            throw WrongBlock(directory, buffer, "tail", "an entry of type 0xDE", "something else");
        return block;
    }

    private void CheckEntries(Inode directory, Buffer buffer, ReadOnlySpan<byte> block)
    {
        bool isRaw = (directory.Flags & InodeFlags.Encrypted) != 0;
        var reader = new DirectoryBlockReader(block, buffer.OffsetBytes, _geometry.HasMetadataChecksum, isRaw);
        while (reader.MoveNext())
        {
            if (reader.Current.IsUsed && !_geometry.IsInode(reader.Current.Inode))
                throw WrongBlock(directory, buffer, "inode", $"at most {_geometry.InodesCount}", $"{reader.Current.Inode}");
        }
    }

    private static CorruptionException Wrong(Inode directory, string field, string expected, string found) =>
        new(directory.ImageOffsetBytes, directory.ToString(), field, expected, found);

    private static CorruptionException WrongBlock(Inode directory, Buffer buffer, string field, string expected, string found) =>
        new(buffer.OffsetBytes, $"directory block of {directory}", field, expected, found);

    private ChecksumRule LeafRule(Inode directory, long offsetBytes) =>
        Ext4Checksums.DirectoryBlock(_geometry, _geometry.InodeChecksumSeed(directory.Number, directory.Generation), offsetBytes);
}
