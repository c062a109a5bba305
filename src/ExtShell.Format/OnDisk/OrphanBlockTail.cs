using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// The last 8 bytes of each block of the orphan file (<c>struct ext4_orphan_block_tail</c>); before it stand inode numbers, 0 where free.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x08)]
public struct OrphanBlockTail
{
    /// <summary>What <see cref="Magic"/> holds.</summary>
    public const uint ExpectedMagic = 0x0B10CA04;

    /// <summary>Bytes of the tail.</summary>
    public const int SizeBytes = 0x08;

    /// <summary><c>ob_magic</c>: 0x0B10CA04.</summary>
    [FieldOffset(0x00)] public Le32 Magic;

    /// <summary><c>ob_checksum</c>: CRC-32C of the numbers, seeded by volume, inode, generation and block number.</summary>
    [FieldOffset(0x04)] public Le32 Checksum;
}
