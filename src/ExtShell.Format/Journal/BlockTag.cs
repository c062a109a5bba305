using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.Journal;

/// <summary>
/// A tag of a descriptor block without checksum v3 (<c>journal_block_tag_t</c>). Only what <see cref="BlockTagLayout"/> counts is stored: 8
/// bytes without 64bit, 12 with it, and with checksum v2 two bytes of padding more. A UUID of 16 bytes follows unless
/// <see cref="TagFlags.SameUuid"/> is set.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x0C)]
public struct BlockTag
{
    /// <summary><c>t_blocknr</c>: home of the block, low half.</summary>
    [FieldOffset(0x00)] public Be32 BlockNumberLow;

    /// <summary><c>t_checksum</c>: low half of the CRC-32C over sequence number and block, with checksum v2.</summary>
    [FieldOffset(0x04)] public Be16 Checksum;

    /// <summary><c>t_flags</c>: see <see cref="TagFlags"/>.</summary>
    [FieldOffset(0x06)] public Be16 FlagsValue;

    /// <summary><c>t_blocknr_high</c>: home of the block, high half; only with 64bit.</summary>
    [FieldOffset(0x08)] public Be32 BlockNumberHigh;
}
