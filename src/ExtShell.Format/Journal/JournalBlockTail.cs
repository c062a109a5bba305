using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.Journal;

/// <summary>The last 4 bytes of a descriptor or revoke block with checksum v2 or v3 (<c>struct jbd2_journal_block_tail</c>).</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x04)]
public struct JournalBlockTail
{
    /// <summary>Bytes of the tail.</summary>
    public const int SizeBytes = 0x04;

    /// <summary><c>t_checksum</c>: CRC-32C of the block with this field as zero, seeded by the journal's UUID.</summary>
    [FieldOffset(0x00)] public Be32 Checksum;
}
