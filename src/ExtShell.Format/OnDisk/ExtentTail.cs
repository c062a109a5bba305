using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>What follows the room for entries in a block of an extent tree (<c>struct ext4_extent_tail</c>), with metadata_csum.</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x04)]
public struct ExtentTail
{
    /// <summary><c>et_checksum</c>: CRC-32C of the block up to here, seeded by volume, inode and generation.</summary>
    [FieldOffset(0x00)] public Le32 Checksum;
}
