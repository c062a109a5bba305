using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Journal;

namespace ExtShell.Engine.Journal;

/// <summary>
/// Composes a transaction's blocks of the log, and sends those that are neighbours on the volume in one bio.
/// </summary>
/// <remarks>
/// Revoke blocks, then descriptor blocks each followed by the copies that it names. A descriptor's first tag is followed by 16 bytes for a
/// UUID (the kernel leaves them zero), its last one is marked; it is full when another tag with UUID and the tail would not fit.
/// (1) A copy that begins with the magic has zeroes there and is marked as escaped. (2) A tag's sum is over the copy as it is in the log.
/// (3) A bio carries at most <see cref="MostBioBytes"/>; its bytes are kept until it ended.
/// </remarks>
internal sealed class LogWriter(Machine machine, IBlockDevice device, LogRing ring)
{
    private const int MostBioBytes = 1 << 20;
    private const int UuidSizeBytes = 16;
    private readonly List<byte[]> _chunks = [];
    private readonly List<Run> _runs = [];
    private readonly List<Bio> _bios = [];
    private readonly List<long> _revoked = [];
    private int _chunkBlocks;
    private int _chunkUsed;
    private int _blocksToCome;
    private uint _sequence;

    private readonly record struct Run(int Chunk, int FirstInChunk, int CountBlocks, long PhysicalBlock);

    private LogFormat Format => ring.Format;

    private int BlockSizeBytes => ring.Format.BlockSizeBytes;

    /// <summary>How many copies a descriptor block can name.</summary>
    public static int CopiesPerDescriptor(LogFormat format)
    {
        int tagSizeBytes = format.Tags.TagSizeBytes;
        return Math.Max(1, (format.TagsEnd - JournalHeader.SizeBytes - UuidSizeBytes - UuidSizeBytes - tagSizeBytes) / tagSizeBytes);
    }

    /// <summary>How many numbers a revoke block holds.</summary>
    public static int NumbersPerRevokeBlock(LogFormat format) =>
        (format.TagsEnd - RevokeHeader.SizeBytes) / format.Tags.RevokedNumberSizeBytes;

    /// <summary>Blocks of the log that a transaction takes, its commit record included, at most.</summary>
    public static int BlocksFor(LogFormat format, int copies, int revoked) =>
        copies + DivideUp(copies, CopiesPerDescriptor(format)) + DivideUp(revoked, NumbersPerRevokeBlock(format)) + 1;

    /// <summary>Composes and sends all but the commit record.</summary>
    public void Write(Transaction transaction)
    {
        _sequence = transaction.Id.Sequence;
        _blocksToCome = BlocksFor(Format, transaction.Changed.Count, transaction.RevokedCount) - 1;
        if (transaction.RevokedCount > 0)
            WriteRevoked(transaction);
        WriteCopies(transaction.Changed);
        Submit();
    }

    /// <summary>Waits for what was sent.</summary>
    public async ValueTask<Errno> WaitAsync()
    {
        Errno error = Errno.None;
        for (int i = 0; i < _runs.Count; i++)
        {
            await _bios[i].WaitAsync();
            if (_bios[i].Error != Errno.None)
                error = _bios[i].Error;
        }

        foreach (byte[] chunk in _chunks)
            ArrayPool<byte>.Shared.Return(chunk);
        _chunks.Clear();
        _runs.Clear();
        return error;
    }

    /// <summary>Composes a commit record in <paramref name="block"/>.</summary>
    public void ComposeCommit(Span<byte> block, TransactionId transaction, long nowNanoseconds)
    {
        block.Clear();
        ref CommitRecord record = ref MemoryMarshal.AsRef<CommitRecord>(block);
        record.Header = JournalHeader.Of(JournalBlockType.Commit, transaction.Sequence);
        record.CommitSeconds = (ulong)(nowNanoseconds / 1_000_000_000);
        record.CommitNanoseconds = (uint)(nowNanoseconds % 1_000_000_000);
        if (Format.Tags.HasTagChecksum)
            JournalChecksums.CommitBlock(Format.Seed, 0, BlockSizeBytes).Store(block, 0);
    }

    private static int DivideUp(int value, int by) => (value + by - 1) / by;

    private void WriteRevoked(Transaction transaction)
    {
        transaction.CopyRevoked(_revoked);
        int perBlock = NumbersPerRevokeBlock(Format), sizeBytes = Format.Tags.RevokedNumberSizeBytes;
        for (int done = 0; done < _revoked.Count; done += perBlock)
        {
            int count = Math.Min(perBlock, _revoked.Count - done);
            Span<byte> block = TakeBlock();
            block.Clear();
            ref RevokeHeader header = ref MemoryMarshal.AsRef<RevokeHeader>(block);
            header.Header = JournalHeader.Of(JournalBlockType.Revoke, _sequence);
            header.UsedBytes = (uint)(RevokeHeader.SizeBytes + (count * sizeBytes));
            for (int i = 0; i < count; i++)
            {
                Span<byte> number = block[(RevokeHeader.SizeBytes + (i * sizeBytes))..];
                if (sizeBytes == 8)
                    BinaryPrimitives.WriteInt64BigEndian(number, _revoked[done + i]);
                else
                    BinaryPrimitives.WriteUInt32BigEndian(number, checked((uint)_revoked[done + i]));
            }

            SealTail(block);
        }
    }

    private void WriteCopies(List<JournalHead> changed)
    {
        Span<byte> descriptor = default;
        int at = 0, lastTag = 0;
        foreach (JournalHead head in changed)
        {
            if (head.InCommitting != MembershipState.Metadata || head.IsCaptured)
                continue;
            bool isFirst = descriptor.IsEmpty;
            if (isFirst)
            {
                descriptor = TakeBlock();
                descriptor.Clear();
                MemoryMarshal.AsRef<JournalHeader>(descriptor) = JournalHeader.Of(JournalBlockType.Descriptor, _sequence);
                at = JournalHeader.SizeBytes;
            }

            Span<byte> copy = TakeBlock();
            head.ContentToLog.CopyTo(copy);
            head.IsCaptured = true;
            head.DropFrozen();
            TagFlags flags = isFirst ? TagFlags.None : TagFlags.SameUuid;
            if (BinaryPrimitives.ReadUInt32BigEndian(copy) == JournalHeader.ExpectedMagic) // (1)
            {
                copy[..4].Clear();
                flags |= TagFlags.Escape;
            }

            lastTag = at;
            WriteTag(descriptor[at..], head.Buffer.Block, flags, copy);
            at += Format.Tags.TagSizeBytes + (isFirst ? UuidSizeBytes : 0);
            if (Format.TagsEnd - at < Format.Tags.TagSizeBytes + UuidSizeBytes)
            {
                SealDescriptor(descriptor, lastTag);
                descriptor = default;
            }
        }

        if (!descriptor.IsEmpty)
            SealDescriptor(descriptor, lastTag);
    }

    private void WriteTag(Span<byte> tag, long home, TagFlags flags, ReadOnlySpan<byte> copy)
    {
        BlockTagLayout layout = Format.Tags;
        uint sum = layout.HasTagChecksum ? JournalChecksums.LoggedBlock(Format.Seed, _sequence, copy) : 0; // (2)
        BinaryPrimitives.WriteUInt32BigEndian(tag, (uint)home);
        if (layout.IsVersion3)
        {
            BinaryPrimitives.WriteUInt32BigEndian(tag[4..], (uint)flags);
            BinaryPrimitives.WriteUInt32BigEndian(tag[12..], sum);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(tag[4..], (ushort)sum);
            BinaryPrimitives.WriteUInt16BigEndian(tag[6..], (ushort)flags);
        }

        if (layout.Is64Bit)
            BinaryPrimitives.WriteUInt32BigEndian(tag[8..], (uint)(home >> 32));
    }

    private void SealDescriptor(Span<byte> descriptor, int lastTag)
    {
        descriptor[lastTag + 7] |= (byte)TagFlags.Last;
        SealTail(descriptor);
    }

    private void SealTail(Span<byte> block)
    {
        if (Format.Tags.HasTagChecksum)
            JournalChecksums.BlockWithTail(Format.Seed, 0, BlockSizeBytes).Store(block, 0);
    }

    /// <summary>The memory of the next block of the log.</summary>
    private Span<byte> TakeBlock()
    {
        uint block = ring.Take();
        long physical = Format.Geometry.PhysicalBlock(block);
        if (_chunks.Count == 0 || _chunkUsed == _chunkBlocks)
            AddChunk();
        int chunk = _chunks.Count - 1;
        if (_runs.Count > 0 && _runs[^1] is var last && last.Chunk == chunk && last.PhysicalBlock + last.CountBlocks == physical)
            _runs[^1] = last with { CountBlocks = last.CountBlocks + 1 };
        else
            _runs.Add(new Run(chunk, _chunkUsed, 1, physical));
        _blocksToCome--;
        return _chunks[chunk].AsSpan(_chunkUsed++ * BlockSizeBytes, BlockSizeBytes);
    }

    private void AddChunk()
    {
        _chunkBlocks = Math.Clamp(_blocksToCome, 1, MostBioBytes / BlockSizeBytes); // (3)
        _chunkUsed = 0;
        _chunks.Add(ArrayPool<byte>.Shared.Rent(_chunkBlocks * BlockSizeBytes));
    }

    private void Submit()
    {
        for (int i = 0; i < _runs.Count; i++)
        {
            if (i == _bios.Count)
                _bios.Add(new Bio(machine) { IsDataStable = true });
            Run run = _runs[i];
            Memory<byte> data = _chunks[run.Chunk].AsMemory(run.FirstInChunk * BlockSizeBytes, run.CountBlocks * BlockSizeBytes);
            device.Submit(_bios[i].SetWrite(run.PhysicalBlock * BlockSizeBytes, data, new Provenance(ProvenanceKind.Journal)));
        }
    }
}
