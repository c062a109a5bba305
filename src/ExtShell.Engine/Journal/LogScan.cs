using System.Buffers.Binary;
using ExtShell.Format.Checksums;
using ExtShell.Format.Journal;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Journal;

/// <summary>
/// The first pass of recovery: walks the log from its start, and finds which transactions are whole.
/// </summary>
/// <remarks>
/// A transaction is any number of revoke blocks and of descriptor blocks, each followed by the copies that its tags count, then a commit
/// record. All carry the magic and the transaction's sequence; copies that begin with the magic are escaped, so no copy looks like a
/// record.
/// (1) It reads the 12 bytes of a header, then only what that kind of record says: flags of tags to count them, nothing of copies (but for
/// checksum v1, whose sum is over them), nothing of a revoke block but its sum.
/// (2) It visits no block twice: a walk longer than the log is its end.
/// (3) A transaction counts if its commit record is there and every sum that its journal has for it matches. A wrong sum before a commit
/// record that is older than the last one belongs to what the log held before, and ends it; before a newer one it is damage.
/// (4) A commit record's sum covers its first 60 bytes with zeroes for the rest, so that one torn at a sector still counts, as in the
/// kernel.
/// (5) A descriptor whose sum does not match may not be interpreted. As the kernel does, its tags are still counted to look for the commit
/// record, unless the caller asked to stop: an explorer of undecided images must, since the bytes stand for many.
/// </remarks>
internal sealed class LogScan
{
    private const int CommitSizeBytes = 0x3C;
    private const int CommitTimeOffset = 0x30;
    private const int UuidSizeBytes = 16;
    private readonly IByteSource _image;
    private readonly LogFormat _format;
    private readonly bool _stopsAtBadDescriptor;
    private readonly List<LogRecord> _records = [];
    private uint _block;
    private uint _walked;
    private long _lastCommitOffset = -1;
    private bool _hasBadSum;
    private bool _hasIncompleteCommit;
    private TransactionId _next;
    private uint _sumV1 = Crc32BigEndian.InitialRegister;

    public LogScan(IByteSource image, LogFormat format, bool stopsAtBadDescriptor)
    {
        _image = image;
        _format = format;
        _stopsAtBadDescriptor = stopsAtBadDescriptor;
        First = _next = new TransactionId(format.SuperBlock.Sequence);
        _block = format.SuperBlock.Start;
        EndBlock = _block;
        EndTransaction = First;
    }

    /// <summary>The records met, in order; those of <see cref="EndTransaction"/> and later do not count.</summary>
    public IReadOnlyList<LogRecord> Records => _records;

    public TransactionId First { get; }

    /// <summary>The transaction after the last one that counts.</summary>
    public TransactionId EndTransaction { get; private set; }

    /// <summary>The block after the last one that counts.</summary>
    public uint EndBlock { get; private set; }

    public LogEnd End { get; private set; }

    /// <summary>Whether the mount must fail, though what counts is replayed first unless <see cref="LogEnd.DamagedTransaction"/>.</summary>
    public bool IsDamaged => End is LogEnd.DamagedTransaction or LogEnd.DamagedCommit;

    /// <summary>Walks to the end of the log.</summary>
    public void Run()
    {
        while (true)
        {
            if (_walked >= _format.LogLengthBlocks) // (2)
            {
                Finish(LogEnd.LongerThanLog);
                return;
            }

            long offset = _format.Geometry.OffsetBytes(_block);
            ReadOnlySpan<byte> header = _image.Read(offset, JournalHeader.SizeBytes); // (1)
            if (BinaryPrimitives.ReadUInt32BigEndian(header) != JournalHeader.ExpectedMagic)
            {
                Finish(LogEnd.NoRecord);
                return;
            }

            if (BinaryPrimitives.ReadUInt32BigEndian(header[8..]) != _next.Sequence)
            {
                Finish(LogEnd.OtherSequence);
                return;
            }

            if (!TryPass((JournalBlockType)BinaryPrimitives.ReadUInt32BigEndian(header[4..]), offset))
                return;
        }
    }

    private bool TryPass(JournalBlockType type, long offset)
    {
        switch (type)
        {
            case JournalBlockType.Descriptor:
                return TryPassDescriptor(offset);
            case JournalBlockType.Revoke:
                if (_format.Tags.HasTagChecksum && !VerifyTail(offset))
                    _hasBadSum = true;
                _records.Add(new LogRecord(_next, _block, -1));
                Step(1);
                return true;
            case JournalBlockType.Commit:
                return TryPassCommit(offset);
            default:
                return Finish(LogEnd.UnknownType);
        }
    }

    private bool TryPassDescriptor(long offset)
    {
        if (_format.Tags.HasTagChecksum && !VerifyTail(offset))
        {
            if (_stopsAtBadDescriptor)
                return Finish(LogEnd.DescriptorChecksum); // (5)
            _hasBadSum = true;
        }

        int tagCount = CountTags(offset);
        if (_format.HasChecksumV1 && !_hasIncompleteCommit)
            AddToSumV1(_block, tagCount);
        _records.Add(new LogRecord(_next, _block, tagCount));
        Step((uint)tagCount + 1);
        return true;
    }

    private bool TryPassCommit(long offset)
    {
        if (_hasBadSum) // (3)
            return Finish(IsOlderThanLast(offset) ? LogEnd.StaleCommit : LogEnd.DamagedTransaction);
        if (_format.HasChecksumV1)
        {
            if (_hasIncompleteCommit)
                return Finish(LogEnd.DamagedCommit);
            bool matches = MatchesSumV1(offset);
            _sumV1 = Crc32BigEndian.InitialRegister;
            if (!matches)
                return TryPassBadCommit(offset);
        }
        else if (_format.Tags.HasTagChecksum && !VerifyCommit(offset))
        {
            return TryPassBadCommit(offset);
        }

        Step(1);
        _next = _next.Next;
        _lastCommitOffset = offset;
        if (!_hasIncompleteCommit)
        {
            EndTransaction = _next;
            EndBlock = _block;
        }

        return true;
    }

    private bool TryPassBadCommit(long offset)
    {
        if (IsOlderThanLast(offset))
            return Finish(LogEnd.StaleCommit);
        if (!_format.SuperBlock.Has(JournalIncompatibleFeatures.AsyncCommit))
            return Finish(LogEnd.DamagedCommit);
        _hasIncompleteCommit = true; // the commit record was not ordered after the rest: a cut may have come in between
        Step(1);
        _next = _next.Next;
        _lastCommitOffset = offset;
        return true;
    }

    private bool Finish(LogEnd end)
    {
        End = _hasIncompleteCommit && end is not (LogEnd.DamagedCommit or LogEnd.DamagedTransaction) ? LogEnd.IncompleteCommit : end;
        return false;
    }

    private void Step(uint blocks)
    {
        _walked += blocks;
        _block = _format.Advance(_block, blocks);
    }

    private bool VerifyTail(long offset) =>
        _image.TryReadVerified(
            offset, _format.BlockSizeBytes, JournalChecksums.BlockWithTail(_format.Seed, offset, _format.BlockSizeBytes), out _);

    private bool VerifyCommit(long offset)
    {
        const int sum = 0x10;
        var rule = new ChecksumRule(ChecksumKind.Crc32C, _format.Seed, new StoredBits(offset + sum, 4, 0, true)); // (4)
        rule.AddImage(offset, sum);
        rule.AddZeroes(4);
        rule.AddImage(offset + sum + 4, CommitSizeBytes - sum - 4);
        rule.AddZeroes(_format.BlockSizeBytes - CommitSizeBytes);
        return _image.TryReadVerified(offset, CommitSizeBytes, rule, out _);
    }

    private bool IsOlderThanLast(long offset) => _lastCommitOffset >= 0 && CommitSeconds(offset) < CommitSeconds(_lastCommitOffset);

    private ulong CommitSeconds(long offset) => BinaryPrimitives.ReadUInt64BigEndian(_image.Read(offset + CommitTimeOffset, 8));

    private int CountTags(long offset)
    {
        const int flagsOffset = 6;
        int count = 0;
        for (int at = JournalHeader.SizeBytes; at + _format.Tags.TagSizeBytes <= _format.TagsEnd;)
        {
            count++;
            var flags = (TagFlags)BinaryPrimitives.ReadUInt16BigEndian(_image.Read(offset + at + flagsOffset, 2));
            at += _format.Tags.TagSizeBytes + ((flags & TagFlags.SameUuid) != 0 ? 0 : UuidSizeBytes);
            if ((flags & TagFlags.Last) != 0)
                break;
        }

        return count;
    }

    private void AddToSumV1(uint block, int copyCount)
    {
        copyCount = (int)Math.Min((uint)copyCount, _format.LogLengthBlocks);
        for (uint i = 0; i <= (uint)copyCount; i++)
        {
            long offset = _format.Geometry.OffsetBytes(_format.Advance(block, i));
            _sumV1 = Crc32BigEndian.Update(_sumV1, _image.Read(offset, _format.BlockSizeBytes));
        }
    }

    private bool MatchesSumV1(long offset)
    {
        ReadOnlySpan<byte> bytes = _image.Read(offset, CommitSizeBytes);
        (byte type, byte size, uint sum) = (bytes[0x0C], bytes[0x0D], BinaryPrimitives.ReadUInt32BigEndian(bytes[0x10..]));
        bool isUnused = type == 0 && size == 0 && sum == 0;
        return isUnused || (sum == _sumV1 && type == (byte)JournalChecksumType.Crc32 && size == 4);
    }
}
