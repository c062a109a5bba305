using System.Runtime.InteropServices;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Format.Tests.Layout;

/// <summary>
/// A superblock that lies is refused by the field that lies, and whatever it says, nothing else than a typed error comes out.
/// </summary>
public class HostileSuperBlockTests
{
    private delegate void Change(ref SuperBlock superBlock);

    private static readonly Dictionary<string, (string Field, Change Change)> Lies = new()
    {
        ["another magic"] = ("s_magic", (ref sb) => sb.Magic = 0xEF52),
        ["a revision of the future"] = ("s_rev_level", (ref sb) => sb.RevisionLevel = 2),
        ["blocks of 128 KiB"] = ("s_log_block_size", (ref sb) => sb.LogBlockSize = 7),
        ["a shift beyond the word"] = ("s_log_block_size", (ref sb) => sb.LogBlockSize = 0xFFFFFFF6),
        ["no blocks in a group"] = ("s_blocks_per_group", (ref sb) => sb.BlocksPerGroup = 0),
        ["a group beyond its bitmap"] = ("s_blocks_per_group", (ref sb) => sb.BlocksPerGroup = 32776),
        ["a group of odd size"] = ("s_blocks_per_group", (ref sb) => sb.BlocksPerGroup = 32764),
        ["no inodes in a group"] = ("s_inodes_per_group", (ref sb) => sb.InodesPerGroup = 0),
        ["inodes beyond the bitmap"] = ("s_inodes_per_group", (ref sb) => sb.InodesPerGroup = 32776),
        ["more inodes than groups hold"] = ("s_inodes_count", (ref sb) => sb.InodesCount = 16385),
        ["fewer inodes than groups hold"] = ("s_inodes_count", (ref sb) => sb.InodesCount = 16000),
        ["inodes of 64 bytes"] = ("s_inode_size", (ref sb) => sb.InodeSize = 64),
        ["inodes of 200 bytes"] = ("s_inode_size", (ref sb) => sb.InodeSize = 200),
        ["inodes beyond a block"] = ("s_inode_size", (ref sb) => sb.InodeSize = 8192),
        ["a reserved first inode"] = ("s_first_ino", (ref sb) => sb.FirstInode = 2),
        ["a first inode that is none"] = ("s_first_ino", (ref sb) => sb.FirstInode = 16385),
        ["descriptors of 32 bytes with 64bit"] = ("s_desc_size", (ref sb) => sb.DescriptorSize = 32),
        ["descriptors of 96 bytes"] = ("s_desc_size", (ref sb) => sb.DescriptorSize = 96),
        ["descriptors of 2,048 bytes"] = ("s_desc_size", (ref sb) => sb.DescriptorSize = 2048),
        ["a first block in the way"] = ("s_first_data_block", (ref sb) => sb.FirstDataBlock = 1),
        ["no blocks"] = ("s_blocks_count", (ref sb) => sb.BlocksCountLow = 0),
        ["more blocks than the image has"] = ("s_blocks_count", (ref sb) => sb.BlocksCountLow = 16385),
        ["2^64 blocks"] = ("s_blocks_count", (ref sb) => sb.BlocksCount = ulong.MaxValue),
        ["no room for descriptors"] = ("s_blocks_count", (ref sb) => sb.BlocksCountLow = 2),
        ["too much kept for growing"] = ("s_reserved_gdt_blocks", (ref sb) => sb.ReservedGdtBlocks = 1025),
        ["a meta group that is none"] = ("s_first_meta_bg", (ref sb) =>
        {
            sb.Incompatible |= IncompatibleFeatures.MetaBlockGroups;
            sb.FirstMetaBlockGroup = 2;
        }),
        ["clusters smaller than blocks"] = ("s_log_cluster_size", (ref sb) => Cluster(ref sb, 1, 32768)),
        ["clusters of a terabyte"] = ("s_log_cluster_size", (ref sb) => Cluster(ref sb, 30, 32768)),
        ["no clusters in a group"] = ("s_clusters_per_group", (ref sb) => Cluster(ref sb, 4, 0)),
        ["a group that is not its clusters"] = ("s_blocks_per_group", (ref sb) => Cluster(ref sb, 4, 32768)),
    };

    public static TheoryData<string> LieNames => [.. Lies.Keys];

    [Theory]
    [MemberData(nameof(LieNames))]
    public void A_lie_is_refused_by_its_field(string name)
    {
        SuperBlock superBlock = SampleSuperBlock.Of64MiB();
        Lies[name].Change(ref superBlock);
        var error = Assert.Throws<CorruptionException>(() => VolumeGeometry.From(superBlock, SampleSuperBlock.ImageLengthBytes));
        Assert.Equal((Lies[name].Field, 1024L, "superblock"), (error.Field, error.OffsetBytes, error.Structure));
    }

    [Fact]
    public void A_meta_group_without_room_for_its_descriptors_is_refused()
    {
        SuperBlock superBlock = SampleSuperBlock.OfSmallGroups();
        superBlock.Incompatible |= IncompatibleFeatures.MetaBlockGroups;
        superBlock.InodesCount = 33 * 64;
        superBlock.BlocksCountLow = 1 + (32 * 256) + 2;
        Assert.Equal(33, VolumeGeometry.From(superBlock, SampleSuperBlock.ImageLengthBytes).GroupCount);
        superBlock.BlocksCountLow = 1 + (32 * 256) + 1;
        var error = Assert.Throws<CorruptionException>(() => VolumeGeometry.From(superBlock, SampleSuperBlock.ImageLengthBytes));
        Assert.Equal("s_blocks_count", error.Field);
    }

    [Fact]
    public void An_external_journal_is_no_volume()
    {
        SuperBlock superBlock = SampleSuperBlock.Of64MiB();
        superBlock.Incompatible |= IncompatibleFeatures.JournalDevice;
        var error = Assert.Throws<FileSystemException>(() => VolumeGeometry.From(superBlock, SampleSuperBlock.ImageLengthBytes));
        Assert.Equal(Errno.EINVAL, error.Errno);
    }

    [Theory]
    [InlineData(0, "the image's length")]
    [InlineData(2047, "the image's length")]
    [InlineData(2048, "s_magic")]
    public void An_image_without_a_superblock_is_refused(int lengthBytes, string field)
    {
        var error = Assert.Throws<CorruptionException>(() => VolumeGeometry.Read(new MemorySource(new byte[lengthBytes])));
        Assert.Equal(field, error.Field);
    }

    [Fact]
    public void A_superblock_whose_sum_does_not_match_is_refused()
    {
        byte[] image = Image(SampleSuperBlock.Of64MiB());
        Assert.Equal(16384u, SuperBlockReader.Read(new MemorySource(image)).InodesCount.Value);
        image[1024 + 0x78] ^= 1;
        Assert.Equal("s_checksum", Assert.Throws<CorruptionException>(() => SuperBlockReader.Read(new MemorySource(image))).Field);
    }

    [Fact]
    public void An_unknown_kind_of_sum_is_refused()
    {
        SuperBlock superBlock = SampleSuperBlock.Of64MiB();
        superBlock.ChecksumType = 2;
        byte[] image = Image(superBlock);
        Assert.Equal("s_checksum_type", Assert.Throws<CorruptionException>(() => SuperBlockReader.Read(new MemorySource(image))).Field);
    }

    [Fact]
    public void Any_bytes_end_in_a_usable_geometry_or_a_typed_error()
    {
        var random = new Random(20261120);
        int made = 0;
        for (int run = 0; run < 60_000; run++)
        {
            SuperBlock superBlock = run % 2 == 0 ? SampleSuperBlock.Of64MiB() : SampleSuperBlock.OfSmallGroups();
            Span<byte> bytes = MemoryMarshal.AsBytes(new Span<SuperBlock>(ref superBlock));
            for (int change = random.Next(1, 5); change > 0; change--)
                Mutate(random, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                VolumeGeometry geometry = VolumeGeometry.From(superBlock, SampleSuperBlock.ImageLengthBytes);
                AssertUsable(geometry, random);
                made++;
            }
            catch (Exception error) when (error is CorruptionException or FileSystemException)
            {
            }

            FeatureSupport.Of(superBlock);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
        }

        Assert.InRange(made, 10_000, 59_000);
    }

    /// <summary>Changes bytes that matter more often than others: the first 384 hold all that geometry reads but the seed.</summary>
    private static void Mutate(Random random, Span<byte> bytes)
    {
        int at = random.Next(4) == 0 ? random.Next(bytes.Length) : random.Next(0x180);
        bytes[at] = random.Next(4) switch
        {
            0 => 0,
            1 => 0xFF,
            2 => (byte)(bytes[at] ^ (1 << random.Next(8))),
            _ => (byte)random.Next(256),
        };
    }

    private static void AssertUsable(VolumeGeometry geometry, Random random)
    {
        Assert.InRange(geometry.BlocksCount << geometry.BlockSizeShift, 1, SampleSuperBlock.ImageLengthBytes);
        Assert.Equal(geometry.InodesCount, (uint)geometry.GroupCount * (uint)geometry.InodesPerGroup);
        foreach (int group in new[] { 0, geometry.GroupCount - 1, random.Next(geometry.GroupCount) })
        {
            Assert.InRange(geometry.BlocksInGroup(group), 1, geometry.BlocksPerGroup);
            Assert.InRange(geometry.ClustersInGroup(group), 1, geometry.ClustersPerGroup);
            long offsetBytes = geometry.DescriptorOffsetBytes(group);
            Assert.InRange(offsetBytes, 2048, SampleSuperBlock.ImageLengthBytes - geometry.DescriptorSizeBytes);
            Assert.True(geometry.BaseMetadataBlocksCount(group) >= 0);
            Assert.Equal(group, geometry.GroupOfBlock(geometry.GroupFirstBlock(group)));
            Assert.Equal(group, geometry.GroupOfInode(geometry.GroupFirstInode(group)));
        }

        Assert.True(geometry.MaxIndirectFileSizeBytes > 0 && geometry.MaxExtentFileSizeBytes > 0);
    }

    private static void Cluster(ref SuperBlock superBlock, uint logClusterSize, uint clustersPerGroup)
    {
        superBlock.ReadOnlyCompatible |= ReadOnlyCompatibleFeatures.BigAllocation;
        superBlock.LogClusterSize = logClusterSize;
        superBlock.ClustersPerGroup = clustersPerGroup;
    }

    private static byte[] Image(SuperBlock superBlock)
    {
        byte[] image = new byte[4096];
        MemoryMarshal.AsBytes(new ReadOnlySpan<SuperBlock>(in superBlock)).CopyTo(image.AsSpan(SuperBlock.OffsetBytes));
        Ext4Checksums.SuperBlock(SuperBlock.OffsetBytes).Store(image, 0);
        return image;
    }
}
