using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>What follows the room for entries in a node of a hash tree (<c>struct dx_tail</c>), with metadata_csum.</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x08)]
public struct DxTail
{
    /// <summary>Bytes of the tail.</summary>
    public const int SizeBytes = 0x08;

    /// <summary><c>dt_reserved</c>: 0.</summary>
    [FieldOffset(0x00)] public Le32 Reserved;

    /// <summary><c>dt_checksum</c>: CRC-32C of the node's used part and this tail, seeded by volume, inode and generation.</summary>
    [FieldOffset(0x04)] public Le32 Checksum;
}
