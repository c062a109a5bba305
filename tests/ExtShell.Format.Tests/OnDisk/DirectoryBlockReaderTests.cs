using System.Buffers.Binary;
using System.Text;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Tests.OnDisk;

public class DirectoryBlockReaderTests
{
    private const int BlockSizeBytes = 1024;
    private const long BlockOffsetBytes = 40960;

    [Fact]
    public void Entries_come_in_order_and_unused_ones_too()
    {
        byte[] block = Block((2, ".", 12), (2, "..", 12), (0, "gone", 16), (15, "a-name", 972));
        var seen = new List<string>();
        var reader = new DirectoryBlockReader(block, BlockOffsetBytes, hasTail: true);
        while (reader.MoveNext())
            seen.Add($"{reader.Current.OffsetBytes}+{reader.Current.RecordLengthBytes} {reader.Current.Inode} "
                + $"{Encoding.UTF8.GetString(reader.Current.Name)}");
        Assert.Equal(["0+12 2 .", "12+12 2 ..", "24+16 0 gone", "40+972 15 a-name"], seen);
    }

    [Theory]
    [InlineData(0, "rec_len")]
    [InlineData(4, "rec_len")]
    [InlineData(8, "rec_len")]
    [InlineData(14, "rec_len")]
    [InlineData(2000, "rec_len")]
    [InlineData(1012, "rec_len")]
    public void A_record_length_that_cannot_be_is_reported(int recordLengthBytes, string field)
    {
        byte[] block = Block((2, ".", 12), (2, "..", 1000));
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(12 + 4), (ushort)recordLengthBytes);
        AssertCorrupt(block, BlockOffsetBytes + 12, field);
    }

    [Fact]
    public void A_record_without_room_for_its_name_is_reported()
    {
        byte[] block = Block((2, ".", 12), (2, "..", 12), (3, "abcd", 988));
        block[6] = 5;
        AssertCorrupt(block, BlockOffsetBytes, "name_len");
    }

    [Fact]
    public void A_used_entry_without_a_name_is_reported()
    {
        byte[] block = Block((2, ".", 1012));
        block[6] = 0;
        AssertCorrupt(block, BlockOffsetBytes, "name_len");
    }

    [Theory]
    [InlineData((byte)'/')]
    [InlineData((byte)0)]
    public void A_name_with_a_slash_or_a_zero_byte_is_reported_unless_it_is_raw(byte bad)
    {
        byte[] block = Block((9, "abc", 1012));
        block[8 + 1] = bad;
        AssertCorrupt(block, BlockOffsetBytes, "name");
        var raw = new DirectoryBlockReader(block, BlockOffsetBytes, hasTail: true, isRaw: true);
        Assert.True(raw.MoveNext());
    }

    [Fact]
    public void Bytes_left_over_are_reported()
    {
        byte[] block = Block((9, "abc", 1008));
        AssertCorrupt(block, BlockOffsetBytes + 1008, "rec_len");
    }

    [Fact]
    public void Any_bytes_end_in_entries_or_a_corruption()
    {
        var random = new Random(20260801);
        byte[] block = new byte[BlockSizeBytes];
        for (int run = 0; run < 20_000; run++)
        {
            byte[] good = Block((2, ".", 12), (2, "..", 12), (11, "lost+found", 20), (12, "x", 968));
            good.CopyTo(block, 0);
            for (int change = random.Next(1, 6); change > 0; change--)
                block[random.Next(BlockSizeBytes)] = (byte)random.Next(256);
            try
            {
                int covered = 0;
                var reader = new DirectoryBlockReader(block, BlockOffsetBytes, hasTail: run % 2 == 0);
                while (reader.MoveNext())
                    covered += reader.Current.RecordLengthBytes;
                Assert.Equal(run % 2 == 0 ? BlockSizeBytes - 12 : BlockSizeBytes, covered);
            }
            catch (CorruptionException)
            {
            }
        }
    }

    [Theory]
    [InlineData(12, 4096, 12)]
    [InlineData(65532, 65536, 65532)]
    [InlineData(65536, 65536, 0xFFFF)]
    public void A_record_length_is_stored_in_sixteen_bits(int lengthBytes, int blockSizeBytes, int stored)
    {
        Assert.Equal(stored, DirectoryEntry.EncodeRecordLength(lengthBytes, blockSizeBytes));
        Assert.Equal(lengthBytes, DirectoryEntry.DecodeRecordLength((ushort)stored, blockSizeBytes));
    }

    [Fact]
    public void A_tail_is_recognised_by_all_its_constant_fields()
    {
        DirectoryTail tail = default;
        tail.Initialize();
        Assert.True(tail.IsTail);
        tail.ReservedFileType = 2;
        Assert.False(tail.IsTail);
    }

    private static void AssertCorrupt(byte[] block, long offsetBytes, string field)
    {
        var error = Assert.Throws<CorruptionException>(() =>
        {
            var reader = new DirectoryBlockReader(block, BlockOffsetBytes, hasTail: true);
            while (reader.MoveNext())
            {
            }
        });
        Assert.Equal((offsetBytes, field), (error.OffsetBytes, error.Field));
    }

    /// <summary>A block of the entries, then a tail.</summary>
    private static byte[] Block(params (uint Inode, string Name, int RecordLengthBytes)[] entries)
    {
        byte[] block = new byte[BlockSizeBytes];
        int at = 0;
        foreach ((uint inode, string name, int recordLengthBytes) in entries)
        {
            DirectoryEntry.Write(
                block.AsSpan(at, recordLengthBytes), BlockSizeBytes, inode, FileType.Regular, Encoding.UTF8.GetBytes(name));
            at += recordLengthBytes;
        }

        System.Runtime.InteropServices.MemoryMarshal.AsRef<DirectoryTail>(block.AsSpan(BlockSizeBytes - 12)).Initialize();
        return block;
    }
}
