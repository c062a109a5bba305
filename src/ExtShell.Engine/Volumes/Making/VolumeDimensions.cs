using System.Numerics;
using System.Text;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>
/// Finds the counts of a volume: how many blocks, groups, inodes to a group, descriptor blocks. The counts depend on each other, so
/// candidates are tried until one holds.
/// </summary>
/// <remarks>
/// A candidate fails, and the next one is:
/// (1) a group would need more inodes than one bitmap block has bits: groups of 8 blocks less, and all blocks again;
/// (2) the last group is too short for its own metadata and 50 blocks: the volume ends before it.
/// The reserved share is taken anew when (2) shortens the volume; (1) keeps the last one, as mke2fs does.
/// </remarks>
internal static class VolumeDimensions
{
    private const int SparesInLastGroup = 50;
    private const int LogGroupsPerFlex = 4;
    private const int FirstInode = (int)InodeNumbers.FirstUnreserved;
    private const int PageSizeBytes = 4096;

    /// <summary>Fills in sizes and counts of a superblock, and answers the geometry that it describes.</summary>
    public static VolumeGeometry Find(VolumeMakeOptions options, FeatureChoice features, long blocksCount, out SuperBlock superBlock)
    {
        superBlock = default;
        superBlock.Magic = SuperBlock.ExpectedMagic;
        superBlock.RevisionLevel = SuperBlock.DynamicRevision;
        superBlock.Compatible = features.Compatible;
        superBlock.Incompatible = features.Incompatible;
        superBlock.ReadOnlyCompatible = features.ReadOnlyCompatible;
        superBlock.LogBlockSize = superBlock.LogClusterSize = (uint)BitOperations.Log2((uint)options.BlockSizeBytes / 1024);
        superBlock.FirstDataBlock = options.BlockSizeBytes == 1024 ? 1u : 0u;
        superBlock.FirstInode = FirstInode;
        superBlock.InodeSize = (ushort)options.InodeSizeBytes;
        if (superBlock.Has(IncompatibleFeatures.Bits64))
            superBlock.DescriptorSize = GroupDescriptor.SizeBytes;
        if (superBlock.Has(IncompatibleFeatures.FlexibleBlockGroups))
            superBlock.LogGroupsPerFlex = LogGroupsPerFlex;
        superBlock.Uuid = options.Uuid is { } uuid ? Uuid.FromGuid(uuid) : SeededIdentity.Derive(options.Seed, 0);
        if (superBlock.Has(IncompatibleFeatures.ChecksumSeed))
            superBlock.ChecksumSeed = Crc32C.Update(Crc32C.InitialRegister, superBlock.Uuid);

        return Search(ref superBlock, options, blocksCount, InodesWanted(options, blocksCount));
    }

    private static VolumeGeometry Search(ref SuperBlock superBlock, VolumeMakeOptions options, long allBlocks, long inodes)
    {
        int blockSizeBytes = options.BlockSizeBytes;
        long blocksCount = allBlocks;
        int blocksPerGroup = 8 * blockSizeBytes;
        long reserved = (long)(allBlocks * options.ReservedPercent / 100);
        double reservedShare = (double)reserved / allBlocks;
        for (;;)
        {
            RequireRoom(blocksCount, superBlock.FirstDataBlock);
            long groups = DivideUp(blocksCount - superBlock.FirstDataBlock, blocksPerGroup);
            long inodesPerGroup = DivideUp(inodes, groups);
            if (inodesPerGroup > 8 * blockSizeBytes)
            {
                if (blocksPerGroup <= 256)
                    throw Invalid($"{inodes} inodes do not fit on {allBlocks} blocks");
                blocksPerGroup -= 8; // (1)
                blocksCount = allBlocks;
                continue;
            }

            int rounded = RoundedInodes(inodesPerGroup, superBlock.InodeSize, blockSizeBytes);
            SetCounts(ref superBlock, blocksCount, reserved, blocksPerGroup, groups, rounded);
            VolumeGeometry geometry = Geometry(superBlock, options, allBlocks);
            int last = geometry.GroupCount - 1;
            int needed = geometry.BaseMetadataBlocksCount(last) + 2 + geometry.InodeTableBlocksCount;
            int there = geometry.BlocksInGroup(last);
            if (there == blocksPerGroup || there >= needed + SparesInLastGroup)
                return geometry;
            blocksCount -= there; // (2)
            reserved = (long)(reservedShare * blocksCount);
        }
    }

    private static void SetCounts(
        ref SuperBlock superBlock, long blocksCount, long reserved, int blocksPerGroup, long groups, int inodesPerGroup)
    {
        if (groups * inodesPerGroup > uint.MaxValue)
            throw Invalid($"{groups} groups of {inodesPerGroup} inodes are more than 2^32 inodes");
        superBlock.BlocksCount = (ulong)blocksCount;
        superBlock.ReservedBlocksCount = (ulong)reserved;
        superBlock.BlocksPerGroup = superBlock.ClustersPerGroup = (uint)blocksPerGroup;
        superBlock.InodesPerGroup = (uint)inodesPerGroup;
        superBlock.InodesCount = (uint)(groups * inodesPerGroup);
        superBlock.ReservedGdtBlocks = superBlock.Has(CompatibleFeatures.ResizeInode) ? ReservedGdtBlocks(superBlock, groups) : (ushort)0;
    }

    /// <summary>
    /// Descriptor blocks kept for growing a thousandfold, as far as 2^32 blocks, and at most what one block of pointers names.
    /// </summary>
    private static ushort ReservedGdtBlocks(in SuperBlock superBlock, long groups)
    {
        int blockSizeBytes = 1024 << (int)superBlock.LogBlockSize.Value;
        int perBlock =
            blockSizeBytes / (superBlock.Has(IncompatibleFeatures.Bits64) ? GroupDescriptor.SizeBytes : GroupDescriptor.ShortSizeBytes);
        long most = Math.Min(uint.MaxValue, (long)superBlock.BlocksCount * 1024);
        long mostGroups = DivideUp(most - superBlock.FirstDataBlock, superBlock.BlocksPerGroup);
        long reserved = DivideUp(mostGroups, perBlock) - DivideUp(groups, perBlock);
        return (ushort)Math.Clamp(reserved, 0, blockSizeBytes / 4);
    }

    /// <summary>Inode tables fill their blocks, and inodes come in eights for the bitmap.</summary>
    private static int RoundedInodes(long inodesPerGroup, int inodeSizeBytes, int blockSizeBytes)
    {
        long perBlock = blockSizeBytes / inodeSizeBytes;
        long rounded = DivideUp(inodesPerGroup, perBlock) * perBlock & ~7L;
        return (int)Math.Max(rounded, Math.Max(8, perBlock));
    }

    private static VolumeGeometry Geometry(in SuperBlock superBlock, VolumeMakeOptions options, long allBlocks)
    {
        try
        {
            return VolumeGeometry.From(superBlock, allBlocks * options.BlockSizeBytes);
        }
        catch (CorruptionException wrong)
        {
            throw Invalid($"no volume can have these counts: {wrong.Field} should be {wrong.Expected}, it would be {wrong.Found}");
        }
    }

    private static long InodesWanted(VolumeMakeOptions options, long blocksCount)
    {
        long sizeBytes = blocksCount * options.BlockSizeBytes;
        long ratio = options.InodeRatioBytes ?? SizeDefaults.InodeRatioBytes(sizeBytes);
        long wanted = options.InodesCount ?? Math.Min(sizeBytes / ratio, uint.MaxValue);
        return Math.Max(wanted, FirstInode + 1);
    }

    /// <summary>Blocks that the volume could have at most: pages of 4 KiB are filled, as mke2fs does on the machines of today.</summary>
    /// <exception cref="FileSystemException">EINVAL: options that no volume can have.</exception>
    public static long BlocksOf(VolumeMakeOptions options, long sizeBytes)
    {
        RequireSense(options);
        return sizeBytes / PageSizeBytes * (PageSizeBytes / options.BlockSizeBytes);
    }

    private static void RequireSense(VolumeMakeOptions options)
    {
        if (options.BlockSizeBytes is not (1024 or 2048 or 4096))
            throw Invalid($"a block has 1024, 2048 or 4096 bytes, not {options.BlockSizeBytes}");
        bool isInodeSize = BitOperations.IsPow2(options.InodeSizeBytes)
            && options.InodeSizeBytes >= InodeRecord.ShortSizeBytes
            && options.InodeSizeBytes <= options.BlockSizeBytes;
        if (!isInodeSize)
            throw Invalid($"an inode has a power of two of bytes, from 128 to the block size, not {options.InodeSizeBytes}");
        if (options.InodeRatioBytes is { } ratio && ratio < 1024)
            throw Invalid($"one inode for {ratio} bytes is more than one for 1024 bytes");
        if (options.InodesCount == 0)
            throw Invalid("a volume has inodes");
        if (!(options.ReservedPercent >= 0 && options.ReservedPercent <= 50))
            throw Invalid($"0 to 50 percent of the blocks can be reserved, not {options.ReservedPercent}");
        if (Encoding.UTF8.GetByteCount(options.Label) > 16)
            throw Invalid($"a label has at most 16 bytes: {options.Label}");
        if (options.TimeSeconds is < 0 or > Timestamp.MaxSeconds)
            throw Invalid($"the time {options.TimeSeconds} cannot be stored");
    }

    private static void RequireRoom(long blocksCount, uint firstDataBlock)
    {
        if (blocksCount <= firstDataBlock)
            throw Invalid("the volume is too small for its own metadata");
    }

    private static long DivideUp(long value, long divisor) => (value + divisor - 1) / divisor;

    private static FileSystemException Invalid(string why) => new(Errno.EINVAL, "make a volume", why);
}
