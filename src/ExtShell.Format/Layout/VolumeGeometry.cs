using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Format.Layout;

/// <summary>
/// What never changes about a volume while it is mounted, from a superblock that was checked against itself and against the image's real
/// length: sizes, counts, and where things are. Computing with it cannot overflow or leave the image, but block numbers that were read
/// from descriptors and inodes are still to be checked with <see cref="IsBlockRange"/>.
/// </summary>
public sealed partial class VolumeGeometry
{
    private readonly uint _backupGroup1;
    private readonly uint _backupGroup2;
    private readonly bool _hasSparseSuper;
    private readonly bool _hasSparseSuper2;

    private VolumeGeometry(in SuperBlock superBlock)
    {
        BlockSizeShift = 10 + (int)superBlock.LogBlockSize.Value;
        BlocksCount = (long)superBlock.BlocksCount;
        FirstDataBlock = superBlock.FirstDataBlock;
        BlocksPerGroup = (int)superBlock.BlocksPerGroup.Value;
        ClusterRatio = superBlock.Has(ReadOnlyCompatibleFeatures.BigAllocation)
            ? 1 << (int)(superBlock.LogClusterSize.Value - superBlock.LogBlockSize.Value)
            : 1;
        ClustersPerGroup = BlocksPerGroup / ClusterRatio;
        InodesPerGroup = (int)superBlock.InodesPerGroup.Value;
        InodesCount = superBlock.InodesCount;
        bool isDynamic = superBlock.RevisionLevel.Value >= OnDisk.SuperBlock.DynamicRevision;
        InodeSizeBytes = isDynamic ? superBlock.InodeSize.Value : InodeRecord.ShortSizeBytes;
        FirstInode = isDynamic ? superBlock.FirstInode.Value : InodeNumbers.FirstUnreserved;
        GroupCount = (int)((BlocksCount - FirstDataBlock + BlocksPerGroup - 1) / BlocksPerGroup);
        Is64Bit = superBlock.Has(IncompatibleFeatures.Bits64);
        DescriptorSizeBytes = Is64Bit ? superBlock.DescriptorSize.Value : GroupDescriptor.ShortSizeBytes;
        ReservedGdtBlocks = superBlock.ReservedGdtBlocks;
        HasMetaBlockGroups = superBlock.Has(IncompatibleFeatures.MetaBlockGroups);
        FirstMetaBlockGroup = HasMetaBlockGroups ? superBlock.FirstMetaBlockGroup.Value : 0;
        int logFlex = superBlock.LogGroupsPerFlex;
        GroupsPerFlex = superBlock.Has(IncompatibleFeatures.FlexibleBlockGroups) && logFlex is >= 1 and <= 30 ? 1 << logFlex : 1;

        Uuid uuid = superBlock.Uuid;
        Uuid = uuid;
        HasMetadataChecksum = superBlock.Has(ReadOnlyCompatibleFeatures.MetadataChecksum);
        HasGroupDescriptorChecksum = !HasMetadataChecksum && superBlock.Has(ReadOnlyCompatibleFeatures.GroupDescriptorChecksum);
        ChecksumSeed = superBlock.Has(IncompatibleFeatures.ChecksumSeed)
            ? superBlock.ChecksumSeed.Value
            : Crc32C.Update(Crc32C.InitialRegister, uuid);
        HasFileType = superBlock.Has(IncompatibleFeatures.FileType);
        HasHugeFile = superBlock.Has(ReadOnlyCompatibleFeatures.HugeFile);

        MaxIndirectFileSizeBytes = FindMaxIndirectFileSize();

        _hasSparseSuper = superBlock.Has(ReadOnlyCompatibleFeatures.SparseSuper);
        _hasSparseSuper2 = superBlock.Has(CompatibleFeatures.SparseSuper2);
        _backupGroup1 = superBlock.BackupBlockGroups[0];
        _backupGroup2 = superBlock.BackupBlockGroups[1];
    }

    /// <summary>The geometry that a superblock describes.</summary>
    /// <param name="superBlock">A superblock whose checksum was verified, as <see cref="SuperBlockReader"/> answers it.</param>
    /// <param name="imageLengthBytes">The real length of the image.</param>
    /// <exception cref="CorruptionException">The superblock contradicts itself or the image.</exception>
    /// <exception cref="FileSystemException">It is an external journal's (EINVAL).</exception>
    public static VolumeGeometry From(in SuperBlock superBlock, long imageLengthBytes)
    {
        SuperBlockValidation.Check(superBlock, imageLengthBytes);
        return new VolumeGeometry(superBlock);
    }

    /// <summary>Reads and verifies the superblock and answers the geometry that it describes.</summary>
    /// <exception cref="CorruptionException">There is no sound superblock.</exception>
    /// <exception cref="FileSystemException">It is an external journal's (EINVAL).</exception>
    public static VolumeGeometry Read(IByteSource source) => From(SuperBlockReader.Read(source), source.LengthBytes);

    /// <summary>Bytes of a block: a power of two, 1,024 to 65,536.</summary>
    public int BlockSizeBytes => 1 << BlockSizeShift;

    /// <summary>The binary logarithm of <see cref="BlockSizeBytes"/>.</summary>
    public int BlockSizeShift { get; }

    /// <summary>Blocks of the volume, those before <see cref="FirstDataBlock"/> included.</summary>
    public long BlocksCount { get; }

    /// <summary>The block with which group 0 begins.</summary>
    public long FirstDataBlock { get; }

    /// <summary>Blocks of every group but the last, which may be shorter.</summary>
    public int BlocksPerGroup { get; }

    /// <summary>Clusters of a group: bits of its block bitmap.</summary>
    public int ClustersPerGroup { get; }

    /// <summary>Blocks of a cluster: 1 without bigalloc.</summary>
    public int ClusterRatio { get; }

    /// <summary>Inodes of every group: bits of its inode bitmap.</summary>
    public int InodesPerGroup { get; }

    /// <summary>Inodes of the volume; numbers begin with 1.</summary>
    public uint InodesCount { get; }

    /// <summary>Bytes of an inode in the table: a power of two, 128 to a block.</summary>
    public int InodeSizeBytes { get; }

    /// <summary>The first inode that is not reserved.</summary>
    public uint FirstInode { get; }

    /// <summary>Groups of the volume.</summary>
    public int GroupCount { get; }

    /// <summary>Groups of a flexible group: 1 without flex_bg.</summary>
    public int GroupsPerFlex { get; }

    /// <summary>Whether block numbers and descriptors are of 64 bits: the argument that <see cref="GroupDescriptor"/> wants.</summary>
    public bool Is64Bit { get; }

    /// <summary>Bytes of a group descriptor: a power of two, 32 to 1,024.</summary>
    public int DescriptorSizeBytes { get; }

    /// <summary>Group descriptors in a block.</summary>
    public int DescriptorsPerBlock => BlockSizeBytes / DescriptorSizeBytes;

    /// <summary>Blocks that all group descriptors take.</summary>
    public int DescriptorBlocksCount => (GroupCount + DescriptorsPerBlock - 1) / DescriptorsPerBlock;

    /// <summary>Blocks kept behind the descriptors for growing.</summary>
    public int ReservedGdtBlocks { get; }

    /// <summary>Whether descriptors from <see cref="FirstMetaBlockGroup"/> on stand in their own groups.</summary>
    public bool HasMetaBlockGroups { get; }

    /// <summary>The first descriptor block that stands in its own groups, with meta_bg.</summary>
    public uint FirstMetaBlockGroup { get; }

    /// <summary>Inodes in a block of the table.</summary>
    public int InodesPerBlock => BlockSizeBytes / InodeSizeBytes;

    /// <summary>Blocks of a group's inode table.</summary>
    public int InodeTableBlocksCount => (InodesPerGroup + InodesPerBlock - 1) / InodesPerBlock;

    /// <summary>Identity of the volume.</summary>
    public Uuid Uuid { get; }

    /// <summary>Whether all metadata has a CRC-32C.</summary>
    public bool HasMetadataChecksum { get; }

    /// <summary>Whether group descriptors have a CRC-16 (uninit_bg without metadata_csum).</summary>
    public bool HasGroupDescriptorChecksum { get; }

    /// <summary>The register with which the checksums of metadata begin: stored, or from the UUID.</summary>
    public uint ChecksumSeed { get; }

    /// <summary>Whether directory entries hold the type.</summary>
    public bool HasFileType { get; }

    /// <summary>Whether the space of files is counted in 48 bits.</summary>
    public bool HasHugeFile { get; }

    /// <summary>The seed of the checksums of what belongs to an inode: directory, extent tree, orphan file.</summary>
    public uint InodeChecksumSeed(uint inode, uint generation) => Crc32C.Update(Crc32C.Update(ChecksumSeed, inode), generation);

    /// <summary>The longest file with an extent tree, bytes: a block number of a file has 32 bits, and the highest is no block.</summary>
    public long MaxExtentFileSizeBytes => Math.Min(uint.MaxValue, MaxSpaceBlocks) << BlockSizeShift;

    /// <summary>
    /// The longest file with a block map, bytes: what the map reaches, and what the inode can count with the map's own blocks.
    /// </summary>
    public long MaxIndirectFileSizeBytes { get; }

    private long MaxSpaceBlocks => HasHugeFile ? (1L << 48) - 1 : uint.MaxValue >> (BlockSizeShift - 9);

    // Where space is the limit, the map is counted as if the file took all of it: the kernel's bound, a little below what would fit.
    private long FindMaxIndirectFileSize()
    {
        long perBlock = BlockSizeBytes / 4;
        long reach = Math.Min(12 + perBlock + (perBlock * perBlock) + (perBlock * perBlock * perBlock), uint.MaxValue);
        bool isSpaceTheLimit = reach + IndirectBlocksFor(reach) > MaxSpaceBlocks;
        return (isSpaceTheLimit ? MaxSpaceBlocks - IndirectBlocksFor(MaxSpaceBlocks) : reach) << BlockSizeShift;
    }

    /// <summary>Blocks of the map itself for a file of so many blocks without holes.</summary>
    private long IndirectBlocksFor(long lengthBlocks)
    {
        long perBlock = BlockSizeBytes / 4;
        long taken = 0;
        long rest = lengthBlocks - 12;
        for (long reach = perBlock; rest > 0 && reach <= perBlock * perBlock * perBlock; reach *= perBlock)
        {
            long here = Math.Min(rest, reach);
            for (long below = perBlock; below <= reach; below *= perBlock)
                taken += (here + below - 1) / below;
            rest -= here;
        }

        return taken;
    }
}
