using System.Buffers.Binary;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Journal;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Journal;

/// <summary>The second and third pass of recovery: collects what was revoked, then copies what was not to its home.</summary>
/// <remarks>
/// (1) All copies of a transaction are verified before one of them is replayed. (2) Copies move as they are, without being read; an escaped
/// one gets the magic back. (3) A copy goes to a block of the volume outside the journal. (4) Transactions go in order, so that the last
/// copy of a block is the one that stays.
/// </remarks>
internal sealed class LogReplay(IRecoverySource image, LogFormat format)
{
    private const int UuidSizeBytes = 16;
    private static readonly byte[] MagicBytes = [0xC0, 0x3B, 0x39, 0x98];
    private readonly List<Copy> _copies = [];
    private readonly RevokeTable _revoked = new();

    private readonly record struct Copy(long HomeOffsetBytes, long LogOffsetBytes, bool IsEscaped);

    public int BlocksReplayed { get; private set; }

    public int BlocksRevoked { get; private set; }

    public int RevokeRecords { get; private set; }

    public int TransactionsReplayed { get; private set; }

    /// <summary>The second pass.</summary>
    /// <exception cref="CorruptionException">A revoke block counts more than it holds.</exception>
    public void CollectRevoked(IReadOnlyList<LogRecord> records, TransactionId end)
    {
        for (int i = 0; i < records.Count; i++)
        {
            if (records[i].IsRevoke && records[i].Transaction < end)
                CollectRevoked(records[i]);
        }
    }

    /// <summary>
    /// The third pass; false if a copy does not match its tag: then nothing of its transaction and none after it was replayed.
    /// </summary>
    /// <exception cref="CorruptionException">A tag names a home that cannot be.</exception>
    public bool TryReplay(IReadOnlyList<LogRecord> records, TransactionId first, TransactionId end)
    {
        int next = 0;
        for (TransactionId transaction = first; transaction < end; transaction = transaction.Next) // (4)
        {
            _copies.Clear();
            for (; next < records.Count && records[next].Transaction == transaction; next++)
            {
                if (!records[next].IsRevoke && !TryCollect(records[next])) // (1)
                    return false;
            }

            foreach (Copy copy in _copies)
                Replay(copy);
            TransactionsReplayed++;
        }

        return true;
    }

    private void CollectRevoked(LogRecord record)
    {
        long offset = format.Geometry.OffsetBytes(record.Block);
        int sizeBytes = format.Tags.RevokedNumberSizeBytes;
        uint usedBytes = BinaryPrimitives.ReadUInt32BigEndian(image.Read(offset + JournalHeader.SizeBytes, 4));
        if (usedBytes > (uint)format.TagsEnd)
            throw new CorruptionException(
                offset, $"revoke block {record.Block} of the journal", "r_count", $"at most {format.TagsEnd}", $"{usedBytes}");
        if (usedBytes < RevokeHeader.SizeBytes + sizeBytes)
            return;
        int count = ((int)usedBytes - RevokeHeader.SizeBytes) / sizeBytes;
        ReadOnlySpan<byte> numbers = image.Read(offset + RevokeHeader.SizeBytes, count * sizeBytes);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> number = numbers[(i * sizeBytes)..];
            long block = sizeBytes == 8 ? BinaryPrimitives.ReadInt64BigEndian(number) : BinaryPrimitives.ReadUInt32BigEndian(number);
            _revoked.Add(block, record.Transaction);
        }

        RevokeRecords += count;
    }

    private bool TryCollect(LogRecord record)
    {
        long offset = format.Geometry.OffsetBytes(record.Block);
        int at = JournalHeader.SizeBytes;
        for (int i = 0; i < record.TagCount; i++)
        {
            ReadOnlySpan<byte> tag = image.Read(offset + at, format.Tags.TagSizeBytes);
            ulong home = BinaryPrimitives.ReadUInt32BigEndian(tag);
            if (format.Tags.Is64Bit)
                home |= (ulong)BinaryPrimitives.ReadUInt32BigEndian(tag[8..]) << 32;
            var flags = (TagFlags)BinaryPrimitives.ReadUInt16BigEndian(tag[6..]);
            long copyOffset = format.Geometry.OffsetBytes(format.Advance(record.Block, (uint)i + 1));
            if (home <= long.MaxValue && _revoked.IsRevoked((long)home, record.Transaction))
                BlocksRevoked++;
            else if (!Verify(record, copyOffset, offset + at))
                return false;
            else
                _copies.Add(new Copy(HomeOffset(home, record, offset), copyOffset, (flags & TagFlags.Escape) != 0));
            at += format.Tags.TagSizeBytes + ((flags & TagFlags.SameUuid) != 0 ? 0 : UuidSizeBytes);
        }

        return true;
    }

    private bool Verify(LogRecord record, long copyOffset, long tagOffset)
    {
        if (!format.Tags.HasTagChecksum)
            return true;
        ChecksumRule rule = JournalChecksums.LoggedBlock(
            format.Seed, record.Transaction.Sequence, copyOffset, format.BlockSizeBytes, tagOffset, format.Tags);
        return image.TryReadVerified(copyOffset, format.BlockSizeBytes, rule, out _);
    }

    private long HomeOffset(ulong home, LogRecord record, long offset)
    {
        if (home >= (ulong)format.Geometry.VolumeLengthBlocks || format.Geometry.Contains((long)home)) // (3)
        {
            throw new CorruptionException(
                offset, $"descriptor block {record.Block} of the journal", "t_blocknr",
                $"a block of the volume, below {format.Geometry.VolumeLengthBlocks}, outside the journal", $"{home}");
        }

        return (long)home * format.BlockSizeBytes;
    }

    private void Replay(Copy copy)
    {
        image.Copy(copy.LogOffsetBytes, copy.HomeOffsetBytes, format.BlockSizeBytes); // (2)
        if (copy.IsEscaped)
            image.Patch(copy.HomeOffsetBytes, MagicBytes);
        BlocksReplayed++;
    }
}
