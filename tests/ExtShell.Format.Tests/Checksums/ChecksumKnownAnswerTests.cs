using ExtShell.Format.Checksums;
using ExtShell.Format.Sources;

namespace ExtShell.Format.Tests.Checksums;

/// <summary>The check values of the CRC catalogue for "123456789".</summary>
public class ChecksumKnownAnswerTests
{
    private static ReadOnlySpan<byte> Digits => "123456789"u8;

    [Fact]
    public void Crc32C_is_iSCSIs_before_its_last_inversion() => Assert.Equal(0xE3069283, ~Crc32C.Update(Crc32C.InitialRegister, Digits));

    [Fact]
    public void Crc16_is_Modbuss() => Assert.Equal(0x4B37, Crc16.Update(Crc16.InitialRegister, Digits));

    [Fact]
    public void Crc32BigEndian_is_MPEG2s() => Assert.Equal(0x0376E6E7u, Crc32BigEndian.Update(Crc32BigEndian.InitialRegister, Digits));

    [Theory]
    [InlineData(ChecksumKind.Crc32C)]
    [InlineData(ChecksumKind.Crc16)]
    [InlineData(ChecksumKind.Crc32BigEndian)]
    public void A_sum_is_the_same_in_one_piece_and_in_several(ChecksumKind kind)
    {
        byte[] bytes = new byte[1000];
        new Random(5).NextBytes(bytes);
        uint whole = Checksum.Update(kind, 0xFFFF, bytes);
        for (int cut = 0; cut <= 40; cut++)
            Assert.Equal(whole, Checksum.Update(kind, Checksum.Update(kind, 0xFFFF, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
    }

    [Theory]
    [InlineData(ChecksumKind.Crc32C)]
    [InlineData(ChecksumKind.Crc16)]
    [InlineData(ChecksumKind.Crc32BigEndian)]
    public void Zeroes_need_not_be_there(ChecksumKind kind)
    {
        for (int count = 0; count < 600; count += 7)
            Assert.Equal(Checksum.Update(kind, 0x1234, new byte[count]), Checksum.UpdateZeroes(kind, 0x1234, count));
    }

    [Theory]
    [InlineData(2, 0, false, "DDCC0000", 0x0000CCDDu)]
    [InlineData(2, 16, false, "BBAA0000", 0xAABB0000u)]
    [InlineData(4, 0, false, "DDCCBBAA", 0xAABBCCDDu)]
    [InlineData(4, 0, true, "AABBCCDD", 0xAABBCCDDu)]
    [InlineData(2, 0, true, "CCDD0000", 0x0000CCDDu)]
    public void Stored_bits_are_put_and_taken_at_their_place(int widthBytes, int shiftBits, bool isBigEndian, string stored, uint part)
    {
        var bits = new StoredBits(0, widthBytes, shiftBits, isBigEndian);
        byte[] field = new byte[4];
        bits.Insert(field, 0xAABBCCDD);
        Assert.Equal(stored, Convert.ToHexString(field));
        Assert.Equal(part, bits.Extract(field));
        Assert.Equal(0xAABBCCDD & bits.Mask, part);
    }

    [Fact]
    public void A_rule_says_the_same_over_an_image_and_over_a_block_in_memory()
    {
        byte[] image = new byte[4096];
        new Random(6).NextBytes(image);
        var rule = new ChecksumRule(
            ChecksumKind.Crc32C, 77, new StoredBits(2048 + 8, 2, 0, false), new StoredBits(2048 + 1000, 2, 16, false));
        rule.AddImage(2048, 8);
        rule.AddZeroes(2);
        rule.AddImage(2048 + 10, 990);
        rule.AddZeroes(2);
        rule.AddImage(2048 + 1002, 22);

        var source = new MemorySource(image);
        Span<byte> block = image.AsSpan(2048, 1024);
        Assert.Equal(rule.Compute(source), rule.Compute(block, 2048));
        Assert.Equal(rule.Stored(source), rule.Stored(block, 2048));
        Assert.False(rule.Matches(block, 2048));
        rule.Store(block, 2048);
        Assert.True(rule.Matches(block, 2048));
        Assert.True(rule.Matches(source));
        block[100] ^= 1;
        Assert.False(rule.Matches(source));
    }

    [Fact]
    public void Storing_a_sum_allocates_nothing()
    {
        byte[] block = new byte[4096];
        Ext4Checksums.ExtentBlock(1, 0, 340).Store(block, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Ext4Checksums.ExtentBlock(1, 0, 340).Store(block, 0);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
