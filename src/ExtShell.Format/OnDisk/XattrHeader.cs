using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>The head of a block of extended attributes (<c>struct ext4_xattr_header</c>).</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x20)]
public struct XattrHeader
{
    /// <summary>What <see cref="Magic"/> holds; attributes inside an inode begin with it alone.</summary>
    public const uint ExpectedMagic = 0xEA020000;

    /// <summary>Bytes of the head of a block.</summary>
    public const int SizeBytes = 0x20;

    /// <summary>Bytes of the head inside an inode: the magic alone (<c>struct ext4_xattr_ibody_header</c>).</summary>
    public const int InInodeSizeBytes = 0x04;

    /// <summary><c>h_magic</c>: 0xEA020000.</summary>
    [FieldOffset(0x00)] public Le32 Magic;

    /// <summary><c>h_refcount</c>: inodes that share the block.</summary>
    [FieldOffset(0x04)] public Le32 ReferenceCount;

    /// <summary><c>h_blocks</c>: 1.</summary>
    [FieldOffset(0x08)] public Le32 BlocksCount;

    /// <summary><c>h_hash</c>: hash of all attributes, for sharing.</summary>
    [FieldOffset(0x0C)] public Le32 Hash;

    /// <summary><c>h_checksum</c>: CRC-32C, seeded by volume and block number.</summary>
    [FieldOffset(0x10)] public Le32 Checksum;

    /// <summary><c>h_reserved</c>: 0.</summary>
    [FieldOffset(0x14)] public Bytes8 ReservedLow;

    /// <summary><c>h_reserved</c>: 0.</summary>
    [FieldOffset(0x1C)] public Bytes4 ReservedHigh;
}
