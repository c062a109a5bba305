using System.Runtime.InteropServices;
using ExtShell.Format.Endian;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Journal;

/// <summary>
/// The journal's superblock (<c>journal_superblock_t</c>), the first 1,024 bytes of its first block. Version 1 ends before <see
/// cref="FeatureCompat"/>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x400)]
public struct JournalSuperBlock
{
    /// <summary>Bytes of the superblock.</summary>
    public const int SizeBytes = 0x400;

    /// <summary>Fast-commit blocks where <see cref="FastCommitBlocksCount"/> is 0.</summary>
    public const int DefaultFastCommitBlocksCount = 256;

    /// <summary>The fewest blocks of a journal that jbd2 opens.</summary>
    public const int MinLengthBlocks = 1024;

    /// <summary><c>s_header</c>: magic and version.</summary>
    [FieldOffset(0x00)] public JournalHeader Header;

    /// <summary><c>s_blocksize</c>: bytes of a block; the volume's.</summary>
    [FieldOffset(0x0C)] public Be32 BlockSize;

    /// <summary><c>s_maxlen</c>: blocks of the journal, this one included.</summary>
    [FieldOffset(0x10)] public Be32 MaxLength;

    /// <summary><c>s_first</c>: the first block of the log.</summary>
    [FieldOffset(0x14)] public Be32 First;

    /// <summary><c>s_sequence</c>: the first transaction that is expected in the log.</summary>
    [FieldOffset(0x18)] public Be32 Sequence;

    /// <summary><c>s_start</c>: the block where the log begins; 0 if it is empty.</summary>
    [FieldOffset(0x1C)] public Be32 Start;

    /// <summary><c>s_errno</c>: an error that aborted the journal, negative.</summary>
    [FieldOffset(0x20)] public Be32 ErrorNumber;

    /// <summary><c>s_feature_compat</c>: see <see cref="JournalCompatibleFeatures"/>.</summary>
    [FieldOffset(0x24)] public Be32 FeatureCompat;

    /// <summary><c>s_feature_incompat</c>: see <see cref="JournalIncompatibleFeatures"/>.</summary>
    [FieldOffset(0x28)] public Be32 FeatureIncompat;

    /// <summary><c>s_feature_ro_compat</c>: none is defined.</summary>
    [FieldOffset(0x2C)] public Be32 FeatureReadOnlyCompat;

    /// <summary><c>s_uuid</c>: identity of the journal; the volume's for an internal one; seeds the checksums.</summary>
    [FieldOffset(0x30)] public Uuid Uuid;

    /// <summary><c>s_nr_users</c>: volumes that share it.</summary>
    [FieldOffset(0x40)] public Be32 UsersCount;

    /// <summary><c>s_dynsuper</c>: unused.</summary>
    [FieldOffset(0x44)] public Be32 DynamicSuperBlock;

    /// <summary><c>s_max_transaction</c>: unused.</summary>
    [FieldOffset(0x48)] public Be32 MaxTransaction;

    /// <summary><c>s_max_trans_data</c>: unused.</summary>
    [FieldOffset(0x4C)] public Be32 MaxTransactionData;

    /// <summary><c>s_checksum_type</c>: see <see cref="JournalChecksumType"/>.</summary>
    [FieldOffset(0x50)] public byte ChecksumType;

    /// <summary><c>s_padding2</c>: 0.</summary>
    [FieldOffset(0x51)] public byte Padding1;

    /// <summary><c>s_padding2</c>: 0.</summary>
    [FieldOffset(0x52)] public Be16 Padding2;

    /// <summary><c>s_num_fc_blks</c>: blocks at the journal's end for fast commits; 0 is 256.</summary>
    [FieldOffset(0x54)] public Be32 FastCommitBlocksCount;

    /// <summary><c>s_head</c>: where the log ends; valid only while it is empty.</summary>
    [FieldOffset(0x58)] public Be32 Head;

    /// <summary><c>s_checksum</c>: CRC-32C of the 1,024 bytes with this field as zero.</summary>
    [FieldOffset(0xFC)] public Be32 Checksum;

    /// <summary>Whether the compatible feature is on; a superblock of version 1 has none.</summary>
    public readonly bool Has(JournalCompatibleFeatures feature) =>
        Header.BlockType == JournalBlockType.SuperBlockV2 && ((JournalCompatibleFeatures)FeatureCompat.Value & feature) != 0;

    /// <summary>Whether the incompatible feature is on; a superblock of version 1 has none.</summary>
    public readonly bool Has(JournalIncompatibleFeatures feature) =>
        Header.BlockType == JournalBlockType.SuperBlockV2 && ((JournalIncompatibleFeatures)FeatureIncompat.Value & feature) != 0;

    /// <summary>Whether checksum v2 or v3 is on.</summary>
    public readonly bool HasChecksumV2OrV3 => Has(JournalIncompatibleFeatures.ChecksumV2 | JournalIncompatibleFeatures.ChecksumV3);
}
