using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.Journal;

/// <summary>
/// A tag of a descriptor block with checksum v3 (<c>journal_block_tag3_t</c>), with 64bit or without. A UUID of 16 bytes follows unless
/// <see cref="TagFlags.SameUuid"/> is set.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x10)]
public struct BlockTag3
{
    /// <summary><c>t_blocknr</c>: home of the block, low half.</summary>
    [FieldOffset(0x00)] public Be32 BlockNumberLow;

    /// <summary><c>t_flags</c>: see <see cref="TagFlags"/>.</summary>
    [FieldOffset(0x04)] public Be32 FlagsValue;

    /// <summary><c>t_blocknr_high</c>: home of the block, high half; 0 without 64bit.</summary>
    [FieldOffset(0x08)] public Be32 BlockNumberHigh;

    /// <summary><c>t_checksum</c>: CRC-32C over sequence number and block.</summary>
    [FieldOffset(0x0C)] public Be32 Checksum;
}
