using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// The last 12 bytes of a leaf block of a directory with metadata_csum (<c>struct ext4_dir_entry_tail</c>): it looks like an unused entry
/// of an impossible type.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x0C)]
public struct DirectoryTail
{
    /// <summary>Bytes of the tail.</summary>
    public const int SizeBytes = 0x0C;

    /// <summary>What <see cref="ReservedFileType"/> holds.</summary>
    public const byte ExpectedFileType = 0xDE;

    /// <summary><c>det_reserved_zero1</c>: 0: unused as an entry.</summary>
    [FieldOffset(0x00)] public Le32 ReservedZero1;

    /// <summary><c>det_rec_len</c>: 12.</summary>
    [FieldOffset(0x04)] public Le16 RecordLength;

    /// <summary><c>det_reserved_zero2</c>: 0: no name.</summary>
    [FieldOffset(0x06)] public byte ReservedZero2;

    /// <summary><c>det_reserved_ft</c>: 0xDE.</summary>
    [FieldOffset(0x07)] public byte ReservedFileType;

    /// <summary><c>det_checksum</c>: CRC-32C of the block up to the tail, seeded by volume, inode and generation.</summary>
    [FieldOffset(0x08)] public Le32 Checksum;

    /// <summary>Whether the constant fields are a tail's.</summary>
    public readonly bool IsTail =>
        ReservedZero1.Value == 0 && RecordLength.Value == SizeBytes && ReservedZero2 == 0 && ReservedFileType == ExpectedFileType;

    /// <summary>Stores the constant fields.</summary>
    public void Initialize()
    {
        this = default;
        RecordLength = SizeBytes;
        ReservedFileType = ExpectedFileType;
    }
}
