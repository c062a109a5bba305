using ExtShell.Format.Endian;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Tests.OnDisk;

public class CombinedValuesTests
{
    [Fact]
    public void Endian_fields_store_their_own_order()
    {
        Span<byte> bytes = stackalloc byte[8];
        System.Runtime.InteropServices.MemoryMarshal.AsRef<Le32>(bytes) = 0x01020304;
        System.Runtime.InteropServices.MemoryMarshal.AsRef<Be32>(bytes[4..]) = 0x01020304;
        Assert.Equal("0403020101020304", Convert.ToHexString(bytes));
        Assert.Equal(0x01020304u, System.Runtime.InteropServices.MemoryMarshal.AsRef<Be32>(bytes[4..]).Value);
        System.Runtime.InteropServices.MemoryMarshal.AsRef<Le64>(bytes) = 0x0102030405060708;
        Assert.Equal("0807060504030201", Convert.ToHexString(bytes));
        System.Runtime.InteropServices.MemoryMarshal.AsRef<Be64>(bytes) = 0x0102030405060708;
        Assert.Equal("0102030405060708", Convert.ToHexString(bytes));
        System.Runtime.InteropServices.MemoryMarshal.AsRef<Le16>(bytes) = 0x0102;
        System.Runtime.InteropServices.MemoryMarshal.AsRef<Be16>(bytes[2..]) = 0x0102;
        Assert.Equal("02010102", Convert.ToHexString(bytes[..4]));
    }

    [Theory]
    [InlineData(1, false, 1)]
    [InlineData(32767, true, 65535)]
    [InlineData(32768, false, 32768)]
    [InlineData(1, true, 32769)]
    public void An_extents_raw_length_says_its_state(int lengthBlocks, bool isUnwritten, int raw)
    {
        ExtentLeaf leaf = ExtentLeaf.Of(7, lengthBlocks, 0x1234_5678_9ABC, isUnwritten);
        Assert.Equal(raw, leaf.RawLength.Value);
        Assert.Equal((lengthBlocks, isUnwritten), (leaf.LengthBlocks, leaf.IsUnwritten));
        Assert.Equal(0x1234_5678_9ABC, leaf.StartBlock);
        Assert.Equal(7L + lengthBlocks, leaf.EndLogicalBlock);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(32769, false)]
    [InlineData(32768, true)]
    public void An_extent_of_an_impossible_length_is_our_bug(int lengthBlocks, bool isUnwritten) =>
        Assert.Throws<InvariantException>(() => ExtentLeaf.Of(0, lengthBlocks, 1, isUnwritten));

    [Fact]
    public void An_index_keeps_48_bits()
    {
        ExtentIndex index = ExtentIndex.Of(9, 0xFFFF_0000_0001);
        Assert.Equal((9u, 0xFFFF_0000_0001L), (index.LogicalBlock.Value, index.ChildBlock));
    }

    // The table "Inode Timestamps" of the kernel's documentation: extra bits, sign of the 32 bits, range of seconds.
    [Theory]
    [InlineData(-2147483648L, 0x80000000u, 0u)]
    [InlineData(-1L, 0xFFFFFFFFu, 0u)]
    [InlineData(0L, 0u, 0u)]
    [InlineData(0x7FFFFFFFL, 0x7FFFFFFFu, 0u)]
    [InlineData(0x80000000L, 0x80000000u, 1u)]
    [InlineData(0xFFFFFFFFL, 0xFFFFFFFFu, 1u)]
    [InlineData(0x100000000L, 0u, 1u)]
    [InlineData(0x17FFFFFFFL, 0x7FFFFFFFu, 1u)]
    [InlineData(0x180000000L, 0x80000000u, 2u)]
    [InlineData(0x27FFFFFFFL, 0x7FFFFFFFu, 2u)]
    [InlineData(0x280000000L, 0x80000000u, 3u)]
    [InlineData(0x37FFFFFFFL, 0x7FFFFFFFu, 3u)]
    public void A_time_is_stored_with_its_epoch(long seconds, uint low, uint epoch)
    {
        var time = new Timestamp(seconds, 999_999_999);
        Assert.Equal((low, epoch | (999_999_999u << 2)), time.Encode());
        Assert.Equal(time, Timestamp.Decode(low, epoch | (999_999_999u << 2)));
    }

    [Fact]
    public void A_time_out_of_range_becomes_the_nearest()
    {
        Assert.Equal((0x7FFFFFFFu, 3u), new Timestamp(long.MaxValue, 0).Encode());
        Assert.Equal((0x80000000u, 0u), new Timestamp(long.MinValue, 0).Encode());
        Assert.Equal(0x7FFFFFFFu, new Timestamp(0x80000000, 5).EncodeShort());
    }

    [Fact]
    public void An_inode_of_128_bytes_has_no_extra_fields()
    {
        Span<byte> stored = stackalloc byte[InodeRecord.ShortSizeBytes];
        InodeRecord record = InodeRecord.Load(stored);
        record.ModifyTime = new Timestamp(77, 5);
        record.CreationTime = new Timestamp(88, 6);
        record.Size = 0x1_0000_0001;
        record.Store(stored);

        InodeRecord again = InodeRecord.Load(stored);
        Assert.Equal(new Timestamp(77, 0), again.ModifyTime);
        Assert.Equal(default, again.CreationTime);
        Assert.Equal(0x1_0000_0001, again.Size);
    }

    [Fact]
    public void Storing_an_inode_leaves_what_is_behind_its_extra_fields()
    {
        byte[] stored = new byte[256];
        Array.Fill(stored, (byte)0xA5, 128 + 16, 112);
        InodeRecord record = default;
        record.ExtraSize = 16;
        record.AccessTime = new Timestamp(1, 2);
        record.CreationTime = new Timestamp(3, 4);
        record.CreationTimeSeconds = 99;
        record.Store(stored);

        Assert.Equal(new Timestamp(1, 2), InodeRecord.Load(stored).AccessTime);
        Assert.True(stored.AsSpan(128 + 16).IndexOfAnyExcept((byte)0xA5) < 0);
    }

    [Fact]
    public void An_inodes_halves_are_put_together()
    {
        InodeRecord record = default;
        record.ExtraSize = InodeRecord.FullExtraSize;
        record.Uid = 0x12345678;
        record.Gid = 0x9ABCDEF0;
        record.BlocksCount = 0xFFFF_1234_5678;
        record.FileAcl = 0x8765_4321_0FED;
        record.Version = 0x1122334455667788;
        record.Mode = InodeMode.Directory | (InodeMode)0x1ED;

        Assert.Equal((0x12345678u, 0x9ABCDEF0u), (record.Uid, record.Gid));
        Assert.Equal((0x5678, 0x1234), (record.UidLow.Value, record.UidHigh.Value));
        Assert.Equal((0xFFFF_1234_5678, 0x8765_4321_0FED), (record.BlocksCount, record.FileAcl));
        Assert.Equal((0x55667788u, 0x11223344u), (record.VersionLow.Value, record.VersionHigh.Value));
        Assert.True(record.IsDirectory);
        Assert.False(record.IsRegular);
    }

    [Fact]
    public void A_descriptors_high_halves_count_only_with_64bit()
    {
        GroupDescriptor descriptor = default;
        descriptor.SetBlockBitmap(true, 0x1_0000_0002);
        descriptor.SetFreeBlocksCount(true, 0x18000);
        descriptor.SetBlockBitmapChecksum(true, 0xAABBCCDD);
        Assert.Equal((0x1_0000_0002, 2L), (descriptor.BlockBitmap(true), descriptor.BlockBitmap(false)));
        Assert.Equal((0x18000, 0x8000), (descriptor.FreeBlocksCount(true), descriptor.FreeBlocksCount(false)));
        Assert.Equal((0xAABBCCDD, 0xCCDDu), (descriptor.BlockBitmapChecksum(true), descriptor.BlockBitmapChecksum(false)));

        descriptor.SetBlockBitmap(false, 5);
        Assert.Equal(0x1_0000_0005, descriptor.BlockBitmap(true));
    }

    [Fact]
    public void A_short_descriptor_is_loaded_and_stored_without_touching_its_neighbour()
    {
        byte[] table = new byte[64];
        Array.Fill(table, (byte)0xEE, 32, 32);
        GroupDescriptor descriptor = GroupDescriptor.Load(table.AsSpan(0, 32));
        Assert.Equal(0u, descriptor.BlockBitmapHigh.Value);
        descriptor.SetInodeTable(false, 0x11223344);
        descriptor.BlockBitmapHigh = 0xFFFFFFFF;
        descriptor.Store(table.AsSpan(0, 32));
        Assert.Equal(0x11223344u, GroupDescriptor.Load(table.AsSpan(0, 32)).InodeTableLow.Value);
        Assert.True(table.AsSpan(32).IndexOfAnyExcept((byte)0xEE) < 0);
    }

    [Fact]
    public void A_superblocks_high_halves_count_only_with_64bit()
    {
        SuperBlock superBlock = default;
        superBlock.BlocksCount = 0x2_0000_0003;
        Assert.Equal(3ul, superBlock.BlocksCount);
        superBlock.Incompatible = IncompatibleFeatures.Bits64;
        Assert.Equal(0x2_0000_0003ul, superBlock.BlocksCount);
        superBlock.WriteTime = 0x12_3456_789A;
        Assert.Equal(
            (0x3456789Au, (byte)0x12, 0x12_3456_789A), (superBlock.WriteTimeLow.Value, superBlock.WriteTimeHigh, superBlock.WriteTime));
    }

    [Fact]
    public void A_uuid_reads_as_e2fsprogs_prints_it()
    {
        Uuid uuid = Uuid.FromGuid(Guid.Parse("f00dface-1234-5678-9abc-def012345678"));
        Assert.Equal(0xF0, uuid[0]);
        Assert.Equal(0x78, uuid[15]);
        Assert.Equal("f00dface-1234-5678-9abc-def012345678", uuid.ToString());
        Assert.False(uuid.IsZero);
        Assert.True(default(Uuid).IsZero);
    }
}
