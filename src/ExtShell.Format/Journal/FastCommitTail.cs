using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.Journal;

/// <summary>The last record of a fast commit (<c>struct ext4_fc_tail</c>).</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x08)]
public struct FastCommitTail
{
    /// <summary><c>fc_tid</c>: the transaction that it goes with.</summary>
    [FieldOffset(0x00)] public Le32 TransactionId;

    /// <summary><c>fc_crc</c>: CRC-32C of the records since the head.</summary>
    [FieldOffset(0x04)] public Le32 Checksum;
}
