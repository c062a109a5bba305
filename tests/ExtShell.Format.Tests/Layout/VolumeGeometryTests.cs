using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Tests.Layout;

public class VolumeGeometryTests
{
    [Fact]
    public void Sizes_and_counts_follow_from_the_superblock()
    {
        VolumeGeometry geometry = VolumeGeometry.From(SampleSuperBlock.Of64MiB(), SampleSuperBlock.ImageLengthBytes);
        Assert.Equal(
            (4096, 12, 16384L, 0L), (geometry.BlockSizeBytes, geometry.BlockSizeShift, geometry.BlocksCount, geometry.FirstDataBlock));
        Assert.Equal(
            (1, 16384, 1024, 16), (geometry.GroupCount, geometry.InodesPerGroup, geometry.InodeTableBlocksCount, geometry.InodesPerBlock));
        Assert.Equal((64, 64, 1, 7, 16), (
            geometry.DescriptorSizeBytes, geometry.DescriptorsPerBlock, geometry.DescriptorBlocksCount, geometry.ReservedGdtBlocks,
            geometry.GroupsPerFlex));
        Assert.Equal(1 + 1 + 7, geometry.BaseMetadataBlocksCount(0));
        Assert.Equal(16384, geometry.BlocksInGroup(0));
        Assert.True(geometry.Is64Bit && geometry.HasMetadataChecksum && geometry.HasFileType && geometry.HasHugeFile);
        Assert.False(geometry.HasGroupDescriptorChecksum);
    }

    [Fact]
    public void The_last_group_is_shorter()
    {
        SuperBlock superBlock = SampleSuperBlock.OfSmallGroups();
        superBlock.BlocksCountLow = 65436;
        VolumeGeometry geometry = VolumeGeometry.From(superBlock, SampleSuperBlock.ImageLengthBytes);
        Assert.Equal(256, geometry.GroupCount);
        Assert.Equal((256, 155), (geometry.BlocksInGroup(254), geometry.BlocksInGroup(255)));
        Assert.Equal(65435, geometry.GroupFirstBlock(255) + geometry.BlocksInGroup(255) - 1);
    }

    [Fact]
    public void Inodes_and_blocks_have_their_places()
    {
        VolumeGeometry geometry = VolumeGeometry.From(SampleSuperBlock.OfSmallGroups(), SampleSuperBlock.ImageLengthBytes);
        Assert.Equal((0, 0), (geometry.GroupOfInode(1), geometry.IndexOfInode(1)));
        Assert.Equal((0, 63), (geometry.GroupOfInode(64), geometry.IndexOfInode(64)));
        Assert.Equal((1, 0, 65u), (geometry.GroupOfInode(65), geometry.IndexOfInode(65), geometry.GroupFirstInode(1)));
        Assert.Equal((500 * 1024) + (2 * 256), geometry.InodeOffsetBytes(67, 500));
        Assert.Equal((0, 0, 1), (geometry.GroupOfBlock(1), geometry.GroupOfBlock(256), geometry.GroupOfBlock(257)));
        Assert.Equal((2048, 3072 + 32), (geometry.DescriptorOffsetBytes(0), geometry.DescriptorOffsetBytes(33)));

        Assert.True(geometry.IsInode(16384));
        Assert.False(geometry.IsInode(0) || geometry.IsInode(16385));
        Assert.True(geometry.IsBlockRange(1, 65535));
        Assert.False(geometry.IsBlockRange(0, 1) || geometry.IsBlockRange(1, 65536) || geometry.IsBlockRange(65536, 1)
            || geometry.IsBlockRange(-1, 1));
        Assert.False(geometry.IsBlockRange(5, -1) || geometry.IsBlockRange(5, long.MaxValue) || geometry.IsBlockRange(long.MaxValue, 1));
        Assert.Throws<InvariantException>(() => geometry.GroupOfBlock(0));
        Assert.Throws<InvariantException>(() => geometry.GroupOfInode(0));
    }

    [Fact]
    public void Copies_of_the_superblock_stand_where_the_rules_say()
    {
        SuperBlock superBlock = SampleSuperBlock.OfSmallGroups();
        Assert.Equal([0, 1, 3, 5, 7, 9, 25, 27, 49, 81, 125, 243], Copies(superBlock));
        superBlock.Compatible |= CompatibleFeatures.SparseSuper2;
        superBlock.BackupBlockGroups[0] = 1;
        superBlock.BackupBlockGroups[1] = 255;
        Assert.Equal([0, 1, 255], Copies(superBlock));
        superBlock.Compatible &= ~CompatibleFeatures.SparseSuper2;
        superBlock.ReadOnlyCompatible &= ~ReadOnlyCompatibleFeatures.SparseSuper;
        Assert.Equal(Enumerable.Range(0, 256), Copies(superBlock));
    }

    [Fact]
    public void The_seed_is_the_uuids_sum_or_the_stored_one()
    {
        SuperBlock superBlock = SampleSuperBlock.Of64MiB();
        superBlock.ChecksumSeed = 0x12345678;
        uint fromUuid = Crc32C.Update(Crc32C.InitialRegister, Convert.FromHexString("f00dface123456789abcdef012345678"));
        Assert.Equal(fromUuid, VolumeGeometry.From(superBlock, SampleSuperBlock.ImageLengthBytes).ChecksumSeed);
        superBlock.Incompatible |= IncompatibleFeatures.ChecksumSeed;
        Assert.Equal(0x12345678u, VolumeGeometry.From(superBlock, SampleSuperBlock.ImageLengthBytes).ChecksumSeed);
    }

    // The largest sizes to which Linux 6.18 let a file be extended on volumes of these shapes.
    [Theory]
    [InlineData(0, true, 17247252480, 4398046510080)]
    [InlineData(0, false, 17247252480, 2199023254528)]
    [InlineData(1, true, 275415851008, 8796093020160)]
    [InlineData(2, true, 4402345721856, 17592186040320)]
    [InlineData(2, false, 2196873666560, 2199023251456)]
    public void The_longest_files_are_the_kernels(int logBlockSize, bool hasHugeFile, long indirectBytes, long extentBytes)
    {
        SuperBlock superBlock = logBlockSize == 0 ? SampleSuperBlock.OfSmallGroups() : SampleSuperBlock.Of64MiB();
        superBlock.LogBlockSize = (uint)logBlockSize;
        superBlock.BlocksPerGroup = logBlockSize == 1 ? 16384 : superBlock.BlocksPerGroup.Value;
        if (!hasHugeFile)
            superBlock.ReadOnlyCompatible &= ~ReadOnlyCompatibleFeatures.HugeFile;
        VolumeGeometry geometry = VolumeGeometry.From(superBlock, SampleSuperBlock.ImageLengthBytes);
        Assert.Equal((indirectBytes, extentBytes), (geometry.MaxIndirectFileSizeBytes, geometry.MaxExtentFileSizeBytes));
    }

    [Fact]
    public void The_original_format_has_its_own_inode_size_and_first_inode()
    {
        SuperBlock superBlock = SampleSuperBlock.Of64MiB();
        superBlock.RevisionLevel = 0;
        superBlock.InodeSize = 0;
        superBlock.FirstInode = 0;
        VolumeGeometry geometry = VolumeGeometry.From(superBlock, SampleSuperBlock.ImageLengthBytes);
        Assert.Equal((128, 11u), (geometry.InodeSizeBytes, geometry.FirstInode));
    }

    private static IEnumerable<int> Copies(SuperBlock superBlock)
    {
        VolumeGeometry geometry = VolumeGeometry.From(superBlock, SampleSuperBlock.ImageLengthBytes);
        return Enumerable.Range(0, geometry.GroupCount).Where(geometry.HasSuperBlock);
    }
}
