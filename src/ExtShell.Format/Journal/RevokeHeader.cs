using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.Journal;

/// <summary>
/// The head of a revoke block (<c>jbd2_journal_revoke_header_t</c>); block numbers follow, of 8 bytes with 64bit, else of 4.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x10)]
public struct RevokeHeader
{
    /// <summary>Bytes of the head.</summary>
    public const int SizeBytes = 0x10;

    /// <summary><c>r_header</c>: magic, type and sequence.</summary>
    [FieldOffset(0x00)] public JournalHeader Header;

    /// <summary><c>r_count</c>: bytes in use, this head included.</summary>
    [FieldOffset(0x0C)] public Be32 UsedBytes;
}
