using System.Runtime.InteropServices;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Journal;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Journal;

/// <summary>
/// What a journal's superblock says about its log, checked. The log is the blocks from <see cref="First"/> up to <see cref="Last"/>, as a
/// ring; block 0 is the superblock, and fast commits have the blocks from <see cref="FirstFastCommitBlock"/> on.
/// </summary>
internal sealed class LogFormat
{
    private const JournalIncompatibleFeatures KnownFeatures = JournalIncompatibleFeatures.Revoke | JournalIncompatibleFeatures.Bits64
        | JournalIncompatibleFeatures.AsyncCommit | JournalIncompatibleFeatures.ChecksumV2 | JournalIncompatibleFeatures.ChecksumV3
        | JournalIncompatibleFeatures.FastCommit;

    private const int FieldsSizeBytes = 0x30;
    private readonly byte[] _bytes;

    private LogFormat(JournalGeometry geometry, byte[] bytes)
    {
        Geometry = geometry;
        _bytes = bytes;
        ReadFeatures();
        First = SuperBlock.First;
        Last = SuperBlock.MaxLength - FastCommitBlocksCount;
    }

    public JournalGeometry Geometry { get; }

    /// <summary>The superblock, in memory: what is changed here is written by <see cref="Seal"/> and whoever takes the bytes.</summary>
    public ref JournalSuperBlock SuperBlock => ref MemoryMarshal.AsRef<JournalSuperBlock>(_bytes.AsSpan());

    /// <summary>The superblock's 1,024 bytes.</summary>
    public byte[] Bytes => _bytes;

    public uint First { get; }

    /// <summary>The block after the last one of the log.</summary>
    public uint Last { get; }

    public uint LogLengthBlocks => Last - First;

    public BlockTagLayout Tags { get; private set; }

    public bool HasChecksumV1 { get; private set; }

    public bool HasFastCommit { get; private set; }

    public uint Seed { get; private set; }

    public int BlockSizeBytes => Geometry.BlockSizeBytes;

    /// <summary>The first block of the fast-commit area: jbd2 leaves one between the log and it.</summary>
    public uint FirstFastCommitBlock => Last + 1;

    /// <summary>Where the tags of a descriptor block end.</summary>
    public int TagsEnd => BlockSizeBytes - Tags.TailSizeBytes;

    private uint FastCommitBlocksCount => !HasFastCommit ? 0
        : SuperBlock.FastCommitBlocksCount.Value is > 0 and uint count ? count : JournalSuperBlock.DefaultFastCommitBlocksCount;

    /// <summary>Reads the superblock and checks it.</summary>
    /// <exception cref="CorruptionException">It is none, or says what cannot be.</exception>
    /// <exception cref="FileSystemException">EOPNOTSUPP: a feature is not known.</exception>
    public static LogFormat Read(IByteSource source, JournalGeometry geometry)
    {
        long offset = geometry.OffsetBytes(0);
        ReadOnlySpan<byte> fields = source.Read(offset, FieldsSizeBytes);
        JournalSuperBlock head = default;
        fields.CopyTo(MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref head, 1)));
        RequireSuperBlock(head, offset);
        ChecksumRule rule = JournalChecksums.SuperBlock(offset);
        scoped ReadOnlySpan<byte> bytes;
        if (!head.HasChecksumV2OrV3)
            bytes = source.Read(offset, JournalSuperBlock.SizeBytes);
        else if (!source.TryReadVerified(offset, JournalSuperBlock.SizeBytes, rule, out bytes))
            throw Corrupt(offset, "s_checksum", "the sum of the superblock", "another");
        var format = new LogFormat(geometry, bytes.ToArray());
        format.RequireLog(offset);
        return format;
    }

    /// <summary>The block so many after another one, around the ring.</summary>
    public uint Advance(uint block, uint count) => First + (uint)(((ulong)(block - First) + count) % LogLengthBlocks);

    /// <summary>How many blocks from one to another, around the ring.</summary>
    public uint Distance(uint from, uint to) => to >= from ? to - from : LogLengthBlocks - (from - to);

    /// <summary>Turns features on and off; the log's records change with them.</summary>
    public void SetFeatures(JournalIncompatibleFeatures on, JournalIncompatibleFeatures off, bool dropsChecksumV1)
    {
        InvariantException.Require(SuperBlock.Header.BlockType == JournalBlockType.SuperBlockV2, "features need a journal of version 2");
        SuperBlock.FeatureIncompat = (SuperBlock.FeatureIncompat.Value & ~(uint)off) | (uint)on;
        if (dropsChecksumV1)
            SuperBlock.FeatureCompat = SuperBlock.FeatureCompat.Value & ~(uint)JournalCompatibleFeatures.Checksum;
        if (SuperBlock.HasChecksumV2OrV3)
            SuperBlock.ChecksumType = (byte)JournalChecksumType.Crc32C;
        ReadFeatures();
    }

    /// <summary>Stores the superblock's sum, where it has one.</summary>
    public void Seal()
    {
        if (SuperBlock.HasChecksumV2OrV3)
            JournalChecksums.SuperBlock(0).Store(_bytes, 0);
    }

    private static void RequireSuperBlock(in JournalSuperBlock head, long offset)
    {
        if (head.Header.Magic != JournalHeader.ExpectedMagic)
            throw Corrupt(offset, "h_magic", "0xC03B3998", $"0x{head.Header.Magic.Value:X8}");
        if (head.Header.BlockType is not (JournalBlockType.SuperBlockV1 or JournalBlockType.SuperBlockV2))
            throw Corrupt(offset, "h_blocktype", "3 or 4", $"{head.Header.BlockTypeValue.Value}");
        if (head.Header.BlockType == JournalBlockType.SuperBlockV1)
            return;
        uint unknown = head.FeatureIncompat.Value & ~(uint)KnownFeatures;
        if (unknown != 0 || head.FeatureReadOnlyCompat.Value != 0)
            throw new FileSystemException(Errno.EOPNOTSUPP, "open the journal",
                $"it has features that are not known: incompatible 0x{unknown:X}, read-only 0x{head.FeatureReadOnlyCompat.Value:X}");
    }

    private static CorruptionException Corrupt(long offset, string field, string expected, string found) =>
        new(offset, "journal superblock", field, expected, found);

    private void ReadFeatures()
    {
        Tags = BlockTagLayout.Of(SuperBlock);
        HasChecksumV1 = SuperBlock.Has(JournalCompatibleFeatures.Checksum);
        HasFastCommit = SuperBlock.Has(JournalIncompatibleFeatures.FastCommit);
        Seed = JournalChecksums.Seed(SuperBlock.Uuid);
    }

    private void RequireLog(long offset)
    {
        bool isV2 = SuperBlock.Has(JournalIncompatibleFeatures.ChecksumV2), isV3 = SuperBlock.Has(JournalIncompatibleFeatures.ChecksumV3);
        if ((isV2 && isV3) || (HasChecksumV1 && (isV2 || isV3)))
            throw Corrupt(offset, "s_feature_incompat", "one kind of checksum", "several");
        if ((isV2 || isV3) && SuperBlock.ChecksumType != (byte)JournalChecksumType.Crc32C)
            throw Corrupt(offset, "s_checksum_type", "4 (CRC-32C)", $"{SuperBlock.ChecksumType}");
        if (SuperBlock.BlockSize != (uint)BlockSizeBytes)
            throw Corrupt(offset, "s_blocksize", $"{BlockSizeBytes}", $"{SuperBlock.BlockSize.Value}");
        if (SuperBlock.MaxLength > Geometry.LengthBlocks)
            throw Corrupt(offset, "s_maxlen", $"at most {Geometry.LengthBlocks}", $"{SuperBlock.MaxLength.Value}");
        if (FastCommitBlocksCount >= SuperBlock.MaxLength)
            throw Corrupt(offset, "s_num_fc_blks", $"less than {SuperBlock.MaxLength.Value}", $"{FastCommitBlocksCount}");
        uint last = SuperBlock.MaxLength - FastCommitBlocksCount;
        if (SuperBlock.First == 0 || SuperBlock.First >= last)
            throw Corrupt(offset, "s_first", $"a block from 1 to {last - 1}", $"{SuperBlock.First.Value}");
        if (SuperBlock.Start != 0 && (SuperBlock.Start < SuperBlock.First || SuperBlock.Start >= last))
            throw Corrupt(offset, "s_start", $"a block from {SuperBlock.First.Value} to {last - 1}", $"{SuperBlock.Start.Value}");
    }
}
