using System.Runtime.InteropServices;
using ExtShell.Engine.Journal;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Volumes;

/// <summary>
/// Finds the journal's blocks before recovery, when nothing but the superblock may be trusted yet: reads the journal inode and its map, and
/// of the group descriptor only where the inode table is.
/// </summary>
/// <remarks>
/// (1) Everything is read by the range that is interpreted, and verified where it has a sum: the image may be undecided.
/// (2) The walk is bounded: a tree is no deeper than <see cref="ExtentHeader.MaxDepth"/>, each level gets lower, and no more blocks are
/// taken than the volume has.
/// </remarks>
internal static class JournalLocator
{
    private const int DirectBlocks = 12;
    private const int ExtraSizeEndBytes = 0x82;
    private const int IndirectLevels = 3;

    /// <summary>Where the journal is.</summary>
    /// <exception cref="CorruptionException">The journal inode, or its map, is damaged.</exception>
    /// <exception cref="FileSystemException">EOPNOTSUPP: the journal is on another device.</exception>
    public static JournalGeometry Locate(IByteSource source, VolumeGeometry geometry, in SuperBlock superBlock)
    {
        if (superBlock.JournalInode.Value == 0)
            throw new FileSystemException(Errno.EOPNOTSUPP, "open the journal", "it is on another device");
        uint number = superBlock.JournalInode;
        if (!geometry.IsInode(number))
            throw new CorruptionException(SuperBlock.OffsetBytes, "superblock", "s_journal_inum", $"1 to {geometry.InodesCount}",
                $"{number}");
        InodeRecord inode = ReadInode(source, geometry, number, out long offset);
        if (!inode.IsRegular || inode.LinksCount.Value == 0)
            throw new CorruptionException(offset, "journal inode", "i_mode", "a regular file in use",
                $"{inode.Mode}, {inode.LinksCount.Value} links");
        var runs = new List<JournalRun>();
        long blocks = Math.Min(inode.Size >> geometry.BlockSizeShift, geometry.BlocksCount);
        if (inode.Has(InodeFlags.Extents))
            AddNode(source, geometry, number, inode.Generation, inode.Block[..], offset, ExtentHeader.MaxDepth + 1, blocks, runs);
        else
            AddIndirect(source, geometry, inode.Block[..], blocks, runs);
        return new JournalGeometry(geometry.BlockSizeBytes, geometry.BlocksCount, runs);
    }

    private static InodeRecord ReadInode(IByteSource source, VolumeGeometry geometry, uint number, out long offset)
    {
        int group = geometry.GroupOfInode(number);
        GroupDescriptor descriptor = GroupDescriptor.Load(source.Read(geometry.DescriptorOffsetBytes(group), geometry.DescriptorSizeBytes));
        long table = descriptor.InodeTable(geometry.Is64Bit);
        if (!geometry.IsBlockRange(table, geometry.InodeTableBlocksCount))
            throw new CorruptionException(geometry.DescriptorOffsetBytes(group), $"descriptor of group {group}", "bg_inode_table",
                "blocks of the volume", $"{table}");
        offset = geometry.InodeOffsetBytes(number, table);
        if (!geometry.HasMetadataChecksum)
            return InodeRecord.Load(source.Read(offset, geometry.InodeSizeBytes));
        int extraSize = 0;
        if (geometry.InodeSizeBytes > InodeRecord.ShortSizeBytes)
            extraSize = MemoryMarshal.Read<ushort>(source.Read(offset + InodeRecord.ShortSizeBytes,
                ExtraSizeEndBytes - InodeRecord.ShortSizeBytes));
        ChecksumRule rule = Ext4Checksums.Inode(geometry, number, offset, extraSize);
        if (!source.TryReadVerified(offset, geometry.InodeSizeBytes, rule, out ReadOnlySpan<byte> stored)) // (1)
            throw new CorruptionException(offset, "journal inode", "i_checksum", "the sum of the inode", "another");
        return InodeRecord.Load(stored);
    }

    private static void AddNode(
        IByteSource source, VolumeGeometry geometry, uint number, uint generation, ReadOnlySpan<byte> node, long nodeOffset,
            int depthBound, long blocks, List<JournalRun> runs)
    {
        var header = MemoryMarshal.Read<ExtentHeader>(node);
        bool isSound = header.Magic.Value == ExtentHeader.ExpectedMagic && header.Depth.Value < depthBound
            && header.EntriesCount.Value <= header.MaxEntriesCount.Value
                && ExtentHeader.TailOffsetBytes(header.MaxEntriesCount.Value) <= node.Length;
        if (!isSound)
            throw new CorruptionException(nodeOffset, "extent node of the journal", "eh_magic, eh_entries, eh_max, eh_depth",
                "a node of this depth", "another");
        ReadOnlySpan<byte> entries = node.Slice(ExtentHeader.SizeBytes, header.EntriesCount.Value * ExtentHeader.SizeBytes);
        if (header.Depth.Value == 0)
        {
            foreach (ExtentLeaf leaf in MemoryMarshal.Cast<byte, ExtentLeaf>(entries))
                Add(runs, leaf.LogicalBlock.Value, leaf.StartBlock, leaf.LengthBlocks, blocks);
            return;
        }

        foreach (ExtentIndex index in MemoryMarshal.Cast<byte, ExtentIndex>(entries).ToArray())
        {
            byte[] child = ReadNode(source, geometry, number, generation, index.ChildBlock, nodeOffset);
            AddNode(source, geometry, number, generation, child, index.ChildBlock << geometry.BlockSizeShift, header.Depth.Value, blocks,
                runs);
        }
    }

    private static byte[] ReadNode(IByteSource source, VolumeGeometry geometry, uint number, uint generation, long block, long parentOffset)
    {
        if (!geometry.IsBlockRange(block, 1))
            throw new CorruptionException(parentOffset, "extent node of the journal", "ei_leaf", "a block of the volume", $"{block}");
        long offset = geometry.BlockOffsetBytes(block);
        if (!geometry.HasMetadataChecksum)
            return source.Read(offset, geometry.BlockSizeBytes).ToArray();
        int room = ExtentHeader.BlockMaxEntriesCount(geometry.BlockSizeBytes);
        ChecksumRule rule = Ext4Checksums.ExtentBlock(geometry.InodeChecksumSeed(number, generation), offset, room);
        if (!source.TryReadVerified(offset, geometry.BlockSizeBytes, rule, out ReadOnlySpan<byte> bytes)) // (1)
            throw new CorruptionException(offset, "extent node of the journal", "et_checksum", "the sum of the node", "another");
        return bytes.ToArray();
    }

    private static void AddIndirect(IByteSource source, VolumeGeometry geometry, ReadOnlySpan<byte> pointers, long blocks,
        List<JournalRun> runs)
    {
        ReadOnlySpan<uint> root = MemoryMarshal.Cast<byte, uint>(pointers);
        uint logical = 0;
        for (int i = 0; i < DirectBlocks && logical < blocks; i++)
            Add(runs, logical++, root[i], 1, blocks);
        for (int level = 1; level <= IndirectLevels && logical < blocks; level++)
            AddLevel(source, geometry, root[DirectBlocks + level - 1], level, blocks, runs, ref logical);
    }

    private static void AddLevel(IByteSource source, VolumeGeometry geometry, uint block, int level, long blocks, List<JournalRun> runs,
        ref uint logical)
    {
        if (level == 0)
        {
            Add(runs, logical++, block, 1, blocks);
            return;
        }

        if (block == 0 || !geometry.IsBlockRange(block, 1))
            throw new CorruptionException(0, "indirect block of the journal", "pointer", "a block of the volume", $"{block}");
        uint[] children = MemoryMarshal.Cast<byte, uint>(source.Read(geometry.BlockOffsetBytes(block), geometry.BlockSizeBytes)).ToArray();
        for (int i = 0; i < children.Length && logical < blocks; i++)
            AddLevel(source, geometry, children[i], level - 1, blocks, runs, ref logical);
    }

    /// <summary>
    /// Adds a run, joined with the one before where both lie side by side; what lies past the journal's size is left out.
    /// </summary>
    private static void Add(List<JournalRun> runs, uint logical, long physical, int length, long blocks)
    {
        length = (int)Math.Min(length, blocks - logical); // (2)
        if (length <= 0)
            return;
        if (runs.Count > 0 && runs[^1] is var last && last.FirstBlock + last.LengthBlocks == logical
            && last.PhysicalBlock + last.LengthBlocks == physical)
            runs[^1] = last with { LengthBlocks = last.LengthBlocks + length };
        else
            runs.Add(new JournalRun(logical, physical, length));
    }
}
