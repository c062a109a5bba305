using System.Numerics;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Layout;

/// <summary>
/// Whether a superblock can describe a volume that is in the image. What passes can be computed with: no overflow, no division by zero,
/// no size beyond the image. The rules are those that the kernel and e2fsck apply to a mount or a check.
/// </summary>
/// <remarks>
/// Rules.
/// (1) Sizes of blocks, clusters, inodes and descriptors are powers of two in their ranges.
/// (2) A group's bitmaps fit in one block each, and its counts are multiples of 8.
/// (3) The volume lies inside the image.
/// (4) Groups times inodes of a group is the number of inodes.
/// (5) The descriptors lie inside the volume.
/// </remarks>
internal static class SuperBlockValidation
{
    private const int MaxLogBlockSize = 6;
    private const int MaxLogClusterSize = 20;
    private const int MaxDescriptorSizeBytes = 1024;

    public static void Check(in SuperBlock superBlock, long imageLengthBytes)
    {
        Require(superBlock.Magic.Value == SuperBlock.ExpectedMagic, "s_magic", $"0x{SuperBlock.ExpectedMagic:X4}", superBlock.Magic.Value);
        Require(superBlock.RevisionLevel.Value <= SuperBlock.DynamicRevision, "s_rev_level", "0 or 1", superBlock.RevisionLevel.Value);
        if (superBlock.Has(IncompatibleFeatures.JournalDevice))
            throw new FileSystemException(Errno.EINVAL, "read a volume", "this is an external journal (journal_dev), no volume");

        uint logBlockSize = superBlock.LogBlockSize;
        Require(logBlockSize <= MaxLogBlockSize, "s_log_block_size", $"at most {MaxLogBlockSize}", logBlockSize); // (1)
        int blockSizeBytes = 1024 << (int)logBlockSize;
        int clusterRatio = CheckClusters(superBlock, blockSizeBytes);
        CheckInodes(superBlock, blockSizeBytes);
        CheckDescriptorSize(superBlock);
        long groupCount = CheckBlocks(superBlock, blockSizeBytes, clusterRatio, imageLengthBytes);
        CheckTotals(superBlock, blockSizeBytes, groupCount);
    }

    private static int CheckClusters(in SuperBlock superBlock, int blockSizeBytes)
    {
        uint bitmapBits = 8 * (uint)blockSizeBytes;
        int clusterRatio = 1;
        if (superBlock.Has(ReadOnlyCompatibleFeatures.BigAllocation))
        {
            uint log = superBlock.LogClusterSize;
            Require(
                log >= superBlock.LogBlockSize.Value && log <= MaxLogClusterSize, // (1)
                "s_log_cluster_size", $"{superBlock.LogBlockSize.Value} to {MaxLogClusterSize}", log);
            clusterRatio = 1 << (int)(log - superBlock.LogBlockSize.Value);
            uint clusters = superBlock.ClustersPerGroup;
            Require(
                clusters >= 8 && clusters <= bitmapBits && clusters % 8 == 0, // (2)
                "s_clusters_per_group", $"8 to {bitmapBits} by 8", clusters);
            Require(
                superBlock.BlocksPerGroup.Value == (ulong)clusters * (uint)clusterRatio,
                "s_blocks_per_group", $"{(ulong)clusters * (uint)clusterRatio}", superBlock.BlocksPerGroup.Value);
        }
        else
        {
            uint blocks = superBlock.BlocksPerGroup;
            Require(blocks >= 8 && blocks <= bitmapBits && blocks % 8 == 0, "s_blocks_per_group", $"8 to {bitmapBits} by 8", blocks); // (2)
        }

        return clusterRatio;
    }

    private static void CheckInodes(in SuperBlock superBlock, int blockSizeBytes)
    {
        int inodeSizeBytes = InodeRecord.ShortSizeBytes;
        if (superBlock.RevisionLevel.Value >= SuperBlock.DynamicRevision)
        {
            inodeSizeBytes = superBlock.InodeSize;
            Require(
                inodeSizeBytes >= InodeRecord.ShortSizeBytes
                && inodeSizeBytes <= blockSizeBytes
                && BitOperations.IsPow2(inodeSizeBytes), // (1)
                "s_inode_size", $"a power of two, {InodeRecord.ShortSizeBytes} to {blockSizeBytes}", inodeSizeBytes);
            Require(
                superBlock.FirstInode.Value >= InodeNumbers.FirstUnreserved && superBlock.FirstInode.Value <= superBlock.InodesCount.Value,
                "s_first_ino", $"{InodeNumbers.FirstUnreserved} to {superBlock.InodesCount.Value}", superBlock.FirstInode.Value);
        }

        uint inodes = superBlock.InodesPerGroup;
        uint least = Math.Max(8, (uint)(blockSizeBytes / inodeSizeBytes));
        uint most = 8 * (uint)blockSizeBytes;
        Require(inodes >= least && inodes <= most && inodes % 8 == 0, "s_inodes_per_group", $"{least} to {most} by 8", inodes); // (2)
    }

    private static void CheckDescriptorSize(in SuperBlock superBlock)
    {
        if (!superBlock.Has(IncompatibleFeatures.Bits64))
            return;
        int sizeBytes = superBlock.DescriptorSize;
        Require(
            sizeBytes >= GroupDescriptor.SizeBytes && sizeBytes <= MaxDescriptorSizeBytes && BitOperations.IsPow2(sizeBytes), // (1)
            "s_desc_size", $"a power of two, {GroupDescriptor.SizeBytes} to {MaxDescriptorSizeBytes}", sizeBytes);
    }

    private static long CheckBlocks(in SuperBlock superBlock, int blockSizeBytes, int clusterRatio, long imageLengthBytes)
    {
        uint first = blockSizeBytes == 1024 && clusterRatio == 1 ? 1u : 0u;
        Require(superBlock.FirstDataBlock.Value == first, "s_first_data_block", $"{first}", superBlock.FirstDataBlock.Value);
        ulong imageBlocks = (ulong)imageLengthBytes / (uint)blockSizeBytes;
        ulong blocks = superBlock.BlocksCount;
        Require(blocks > first && blocks <= imageBlocks, "s_blocks_count", $"{first + 1} to the image's {imageBlocks}", blocks); // (3)
        return (long)((blocks - first + superBlock.BlocksPerGroup.Value - 1) / superBlock.BlocksPerGroup.Value);
    }

    private static void CheckTotals(in SuperBlock superBlock, int blockSizeBytes, long groupCount)
    {
        Require(
            (ulong)groupCount <= uint.MaxValue / superBlock.InodesPerGroup.Value
            && superBlock.InodesCount.Value == groupCount * superBlock.InodesPerGroup.Value, // (4)
            "s_inodes_count", $"{superBlock.InodesPerGroup.Value} in each of {groupCount} groups", superBlock.InodesCount.Value);

        Require(
            superBlock.ReservedGdtBlocks.Value <= blockSizeBytes / 4,
            "s_reserved_gdt_blocks", $"at most {blockSizeBytes / 4}", superBlock.ReservedGdtBlocks.Value);
        CheckDescriptorsInside(superBlock, blockSizeBytes, groupCount);
    }

    private static void CheckDescriptorsInside(in SuperBlock superBlock, int blockSizeBytes, long groupCount)
    {
        bool is64Bit = superBlock.Has(IncompatibleFeatures.Bits64);
        int perBlock = blockSizeBytes / (is64Bit ? superBlock.DescriptorSize.Value : GroupDescriptor.ShortSizeBytes);
        long tableBlocks = (groupCount + perBlock - 1) / perBlock;
        if (superBlock.Has(IncompatibleFeatures.MetaBlockGroups))
        {
            uint firstMeta = superBlock.FirstMetaBlockGroup;
            Require(firstMeta <= tableBlocks, "s_first_meta_bg", $"at most {tableBlocks}", firstMeta);
            tableBlocks = firstMeta;
            long lastMetaGroup = (groupCount - 1) / perBlock * perBlock;
            long lastMetaBlock = superBlock.FirstDataBlock.Value + (lastMetaGroup * superBlock.BlocksPerGroup.Value) + 1;
            RequireBlock(superBlock, lastMetaBlock, $"room for descriptors in group {lastMetaGroup}"); // (5)
        }

        long tableEnd = (SuperBlock.OffsetBytes / blockSizeBytes) + 1 + tableBlocks;
        RequireBlock(superBlock, tableEnd, $"room for {tableBlocks} blocks of descriptors"); // (5)
    }

    private static void RequireBlock(in SuperBlock superBlock, long block, string expected) =>
        Require((ulong)block < superBlock.BlocksCount, "s_blocks_count", expected, superBlock.BlocksCount);

    private static void Require<T>(bool holds, string field, string expected, T found)
        where T : IFormattable
    {
        if (!holds)
            throw new CorruptionException(SuperBlock.OffsetBytes, "superblock", field, expected, found.ToString(null, null));
    }
}
