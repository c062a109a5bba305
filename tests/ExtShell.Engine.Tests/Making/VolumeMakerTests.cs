using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Making;

/// <summary>What can be said of a new volume without another implementation at hand.</summary>
public sealed class VolumeMakerTests
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public void The_same_options_give_the_same_bytes()
    {
        Assert.Equal(Bytes(new()), Bytes(new()));
        Assert.NotEqual(Bytes(new()), Bytes(new() { Seed = 2 }));
        Assert.NotEqual(Bytes(new()), Bytes(new() { TimeSeconds = 1 }));
    }

    [Fact]
    public void What_was_on_the_storage_before_does_not_show()
    {
        var old = new PagedMemory(16 * Mebibyte);
        var noise = new byte[16 * Mebibyte];
        new Random(1).NextBytes(noise);
        old.Write(0, noise);
        VolumeMaker.Make(old, new());
        byte[] fresh = Bytes(new());
        var source = new StorageSource(old);
        VolumeGeometry geometry = VolumeGeometry.Read(source);
        foreach (long block in MetadataBlocks(source, geometry))
            Assert.True(Block(old, block).SequenceEqual(fresh.AsSpan((int)block * 4096, 4096)), $"block {block}");
    }

    [Fact]
    public void Free_blocks_say_where_they_stand_and_no_other_block_does()
    {
        var storage = new PagedMemory(16 * Mebibyte);
        VolumeMaker.Make(storage, new() { FillFreeBlocks = true });
        VolumeGeometry geometry = VolumeGeometry.Read(new StorageSource(storage));
        byte[] bitmap = Block(storage, Descriptor(storage, geometry, 0).BlockBitmap(true)).ToArray();
        for (int block = 0; block < geometry.BlocksCount; block++)
        {
            bool isFree = (bitmap[block / 8] >> (block % 8) & 1) == 0;
            for (int offset = 0; offset < 4096; offset += 32)
            {
                bool isStale = StaleContent.TryRead(Block(storage, block)[offset..], out long said, out int sector);
                Assert.Equal(isFree, isStale);
                if (isStale)
                    Assert.Equal((block, offset / 512), (said, sector));
            }
        }
    }

    [Fact]
    public void Content_that_only_resembles_stale_content_is_not_taken_for_it()
    {
        var block = new byte[4096];
        StaleContent.Fill(9_876_543_210, block);
        Assert.True(StaleContent.TryRead(block.AsSpan(7 * 512), out long said, out int sector));
        Assert.Equal((9_876_543_210, 7), (said, sector));
        Assert.False(StaleContent.TryRead(block.AsSpan(1), out _, out _));
        for (int i = 0; i < StaleContent.RecordSizeBytes; i++)
        {
            byte[] changed = block[..StaleContent.RecordSizeBytes];
            changed[i] ^= 0x80;
            Assert.False(StaleContent.TryRead(changed, out _, out _), $"byte {i}");
        }
    }

    [Fact]
    public void Making_writes_descriptors_and_not_the_volume()
    {
        long small = BytesWritten(16L << 30);
        long large = BytesWritten(1L << 40);
        Assert.InRange(small, 1, 16 * Mebibyte);
        Assert.InRange(large, small, 64 * Mebibyte);
    }

    [Fact]
    public void Sixteen_tebibytes_have_mke2fs_s_counts_and_no_resize_inode()
    {
        var storage = new CountingStorage(new PagedMemory(1L << 44), keptBytes: Mebibyte);
        VolumeMaker.Make(storage, new());
        SuperBlock superBlock = SuperBlockReader.Read(new StorageSource(storage));
        Assert.Equal(1UL << 32, superBlock.BlocksCount);
        Assert.Equal(4_277_614_561UL, superBlock.FreeBlocksCount);
        Assert.Equal(2048u, superBlock.InodesPerGroup.Value);
        Assert.False(superBlock.Has(CompatibleFeatures.ResizeInode));
    }

    [RequiresToolFact("stat")]
    public void A_sparse_image_file_stays_sparse()
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory(); // where reading a hole through a mapping would fill it
        string path = folder.File("image");
        using (ImageFile file = ImageFile.Create(path, 16L << 30))
            VolumeMaker.Make(file, new());
        string sectors = ExternalTool.RunOrThrow("stat", "--format=%b", path);
        Assert.InRange(long.Parse(sectors, System.Globalization.CultureInfo.InvariantCulture) * 512, 1, 32 * Mebibyte);
    }

    [Fact]
    public void Every_descriptor_and_every_copy_carries_its_sum()
    {
        var storage = new PagedMemory(1L << 30);
        VolumeMaker.Make(storage, new());
        var source = new StorageSource(storage);
        VolumeGeometry geometry = VolumeGeometry.Read(source);
        for (int group = 0; group < geometry.GroupCount; group++)
        {
            Assert.True(Ext4Checksums.GroupDescriptor(geometry, group, geometry.DescriptorOffsetBytes(group)).Matches(source));
            if (group > 0 && geometry.HasSuperBlock(group))
            {
                SuperBlock copy = SuperBlockReader.Read(source, geometry.BlockOffsetBytes(geometry.SuperBlockBlock(group)));
                Assert.Equal(group, copy.BlockGroupNumber.Value);
                Assert.Equal(MountState.None, copy.MountState);
            }
        }
    }

    [Theory]
    [InlineData(512, 256, 5, "", "")]
    [InlineData(4096, 100, 5, "", "")]
    [InlineData(4096, 256, 51, "", "")]
    [InlineData(4096, 256, 5, "seventeen letters", "")]
    [InlineData(4096, 256, 5, "", "bigalloc")]
    [InlineData(4096, 256, 5, "", "^has_journal,orphan_file")]
    [InlineData(4096, 256, 5, "", "^metadata_csum,metadata_csum_seed")]
    public void Options_that_no_volume_can_have_are_refused(
        int blockSizeBytes, int inodeSizeBytes, double reservedPercent, string label, string features)
    {
        var storage = new PagedMemory(16 * Mebibyte);
        FileSystemException refusal = Assert.Throws<FileSystemException>(() => VolumeMaker.Make(storage, new()
        {
            BlockSizeBytes = blockSizeBytes,
            InodeSizeBytes = inodeSizeBytes,
            ReservedPercent = reservedPercent,
            Label = label,
            Features = features,
        }));
        Assert.Equal(Errno.EINVAL, refusal.Errno);
        Assert.False(storage.Read(0, 16 << 20).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void A_volume_longer_than_its_storage_is_refused()
    {
        var options = new VolumeMakeOptions { SizeBytes = Mebibyte + 4096 };
        FileSystemException refusal = Assert.Throws<FileSystemException>(() => VolumeMaker.Make(new PagedMemory(Mebibyte), options));
        Assert.Equal(Errno.EINVAL, refusal.Errno);
    }

    private static byte[] Bytes(VolumeMakeOptions options)
    {
        var storage = new PagedMemory(16 * Mebibyte);
        VolumeMaker.Make(storage, options);
        return storage.Read(0, 16 << 20).ToArray();
    }

    private static ReadOnlySpan<byte> Block(IStorage storage, long block) => storage.Read(block * 4096, 4096);

    private static GroupDescriptor Descriptor(IStorage storage, VolumeGeometry geometry, int group) =>
        GroupDescriptor.Load(storage.Read(geometry.DescriptorOffsetBytes(group), geometry.DescriptorSizeBytes));

    /// <summary>
    /// All blocks that are in use on a volume of one group, but not the rest of the block with the superblock and the blocks for growing.
    /// </summary>
    private static IEnumerable<long> MetadataBlocks(StorageSource source, VolumeGeometry geometry)
    {
        long bitmapBlock = GroupDescriptor.Load(source.Read(geometry.DescriptorOffsetBytes(0), geometry.DescriptorSizeBytes))
            .BlockBitmap(true);
        byte[] bitmap = source.Read(bitmapBlock * 4096, 4096).ToArray();
        for (int block = 1; block < geometry.BlocksCount; block++)
        {
            if ((bitmap[block / 8] >> (block % 8) & 1) != 0)
                yield return block;
        }
    }

    private static long BytesWritten(long sizeBytes)
    {
        var storage = new CountingStorage(new PagedMemory(sizeBytes));
        VolumeMaker.Make(storage, new());
        return storage.WrittenBytes;
    }

    /// <summary>Counts what is written, and keeps it up to an offset.</summary>
    private sealed class CountingStorage(PagedMemory inner, long keptBytes = long.MaxValue) : IStorage
    {
        public long WrittenBytes { get; private set; }

        public long LengthBytes => inner.LengthBytes;

        public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes) => inner.Read(offsetBytes, lengthBytes);

        public void Read(long offsetBytes, Span<byte> into) => inner.Read(offsetBytes, into);

        public void Write(long offsetBytes, ReadOnlySpan<byte> bytes)
        {
            WrittenBytes += bytes.Length;
            if (offsetBytes < keptBytes)
                inner.Write(offsetBytes, bytes);
        }

        public void WriteZeroes(long offsetBytes, long lengthBytes) => inner.WriteZeroes(offsetBytes, lengthBytes);

        public IStorage Snapshot() => inner.Snapshot();
    }
}
