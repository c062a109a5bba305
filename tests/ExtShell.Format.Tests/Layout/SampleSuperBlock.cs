using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Tests.Layout;

/// <summary>Superblocks of sound volumes, made by hand, for tests that need no tool.</summary>
internal static class SampleSuperBlock
{
    public const long ImageLengthBytes = 64L << 20;

    /// <summary>What mke2fs -t ext4 -b 4096 makes of 64 MiB.</summary>
    public static SuperBlock Of64MiB()
    {
        SuperBlock superBlock = default;
        superBlock.Magic = SuperBlock.ExpectedMagic;
        superBlock.RevisionLevel = SuperBlock.DynamicRevision;
        superBlock.InodesCount = 16384;
        superBlock.BlocksCountLow = 16384;
        superBlock.LogBlockSize = 2;
        superBlock.LogClusterSize = 2;
        superBlock.BlocksPerGroup = 32768;
        superBlock.ClustersPerGroup = 32768;
        superBlock.InodesPerGroup = 16384;
        superBlock.FirstInode = 11;
        superBlock.InodeSize = 256;
        superBlock.DescriptorSize = 64;
        superBlock.ReservedGdtBlocks = 7;
        superBlock.LogGroupsPerFlex = 4;
        superBlock.ChecksumType = SuperBlock.ChecksumTypeCrc32C;
        superBlock.JournalInode = 8;
        superBlock.Compatible = CompatibleFeatures.HasJournal | CompatibleFeatures.ExtendedAttributes | CompatibleFeatures.ResizeInode
            | CompatibleFeatures.DirectoryIndex;
        superBlock.Incompatible = IncompatibleFeatures.FileType | IncompatibleFeatures.Extents | IncompatibleFeatures.Bits64
            | IncompatibleFeatures.FlexibleBlockGroups;
        superBlock.ReadOnlyCompatible = ReadOnlyCompatibleFeatures.SparseSuper | ReadOnlyCompatibleFeatures.LargeFile
            | ReadOnlyCompatibleFeatures.HugeFile | ReadOnlyCompatibleFeatures.DirectoryLinksUnlimited
            | ReadOnlyCompatibleFeatures.ExtraInodeSize | ReadOnlyCompatibleFeatures.MetadataChecksum;
        superBlock.Uuid = Uuid.FromGuid(Guid.Parse("f00dface-1234-5678-9abc-def012345678"));
        return superBlock;
    }

    /// <summary>Blocks of 1 KiB and many small groups in the same 64 MiB, descriptors of 32 bytes.</summary>
    public static SuperBlock OfSmallGroups()
    {
        SuperBlock superBlock = Of64MiB();
        superBlock.Incompatible &= ~IncompatibleFeatures.Bits64;
        superBlock.BlocksCountLow = 65536;
        superBlock.FirstDataBlock = 1;
        superBlock.LogBlockSize = 0;
        superBlock.LogClusterSize = 0;
        superBlock.BlocksPerGroup = 256;
        superBlock.ClustersPerGroup = 256;
        superBlock.InodesPerGroup = 64;
        superBlock.InodesCount = 64 * 256;
        return superBlock;
    }
}
