using System.Buffers.Binary;
using ExtShell.Format.Journal;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Checksums;

/// <summary>
/// How the journal is summed (ext4 disk layout, "Journal (jbd2)"). All offsets are absolute; over a block that is in memory, give the block
/// and its offset to the rule's methods that take a span.
/// </summary>
/// <remarks>
/// Checksum v2 and v3 are CRC-32C, and differ in the tag: v2 has room for the low half, v3 for all of it. What seeds them is the journal's
/// UUID (<see cref="Seed"/>). Checksum v1 is one CRC-32 over all descriptor and data blocks of a transaction, kept in its commit block:
/// begin with <see cref="Crc32BigEndian.InitialRegister"/> and feed it whole blocks as they are in the log.
/// </remarks>
public static class JournalChecksums
{
    private const int SuperBlockSum = 0xFC;
    private const int CommitSum = 0x10;
    private const int Tag3Sum = 0x0C;
    private const int TagSum = 0x04;

    /// <summary>What seeds the sums of blocks.</summary>
    public static uint Seed(in Uuid journalUuid) => Crc32C.Update(Crc32C.InitialRegister, journalUuid);

    /// <summary>The journal's superblock, 1,024 bytes, with checksum v2 or v3.</summary>
    public static ChecksumRule SuperBlock(long offsetBytes)
    {
        var rule = new ChecksumRule(ChecksumKind.Crc32C, Crc32C.InitialRegister, Whole(offsetBytes + SuperBlockSum));
        rule.AddImage(offsetBytes, SuperBlockSum);
        rule.AddZeroes(4);
        rule.AddImage(offsetBytes + SuperBlockSum + 4, JournalSuperBlock.SizeBytes - SuperBlockSum - 4);
        return rule;
    }

    /// <summary>A descriptor or revoke block, which ends with a <see cref="JournalBlockTail"/>.</summary>
    public static ChecksumRule BlockWithTail(uint seed, long blockOffsetBytes, int blockSizeBytes)
    {
        var rule = new ChecksumRule(ChecksumKind.Crc32C, seed, Whole(blockOffsetBytes + blockSizeBytes - JournalBlockTail.SizeBytes));
        rule.AddImage(blockOffsetBytes, blockSizeBytes - JournalBlockTail.SizeBytes);
        rule.AddZeroes(JournalBlockTail.SizeBytes);
        return rule;
    }

    /// <summary>A commit block with checksum v2 or v3: the whole block.</summary>
    public static ChecksumRule CommitBlock(uint seed, long blockOffsetBytes, int blockSizeBytes)
    {
        var rule = new ChecksumRule(ChecksumKind.Crc32C, seed, Whole(blockOffsetBytes + CommitSum));
        rule.AddImage(blockOffsetBytes, CommitSum);
        rule.AddZeroes(4);
        rule.AddImage(blockOffsetBytes + CommitSum + 4, blockSizeBytes - CommitSum - 4);
        return rule;
    }

    /// <summary>A logged copy of a block, as it is in the log (an escaped one begins with zeroes there); the sum is in its tag.</summary>
    /// <param name="seed">The journal's seed.</param>
    /// <param name="sequence">The transaction.</param>
    /// <param name="blockOffsetBytes">Where the copy begins.</param>
    /// <param name="blockSizeBytes">Bytes of a block.</param>
    /// <param name="tagOffsetBytes">Where its tag begins.</param>
    /// <param name="layout">How tags are stored; with a checksum.</param>
    public static ChecksumRule LoggedBlock(
        uint seed, uint sequence, long blockOffsetBytes, int blockSizeBytes, long tagOffsetBytes, BlockTagLayout layout)
    {
        StoredBits stored = layout.IsVersion3 ? Whole(tagOffsetBytes + Tag3Sum) : new StoredBits(tagOffsetBytes + TagSum, 2, 0, true);
        var rule = new ChecksumRule(ChecksumKind.Crc32C, AddSequence(seed, sequence), stored);
        rule.AddImage(blockOffsetBytes, blockSizeBytes);
        return rule;
    }

    /// <summary>The sum of a logged copy that is in memory, all 32 bits: what a writer puts in its tag.</summary>
    public static uint LoggedBlock(uint seed, uint sequence, ReadOnlySpan<byte> block) => Crc32C.Update(AddSequence(seed, sequence), block);

    // The register takes numbers little-endian; the sequence is summed as it is stored, big-endian.
    private static uint AddSequence(uint seed, uint sequence) => Crc32C.Update(seed, BinaryPrimitives.ReverseEndianness(sequence));

    private static StoredBits Whole(long offsetBytes) => new(offsetBytes, 4, 0, true);
}
