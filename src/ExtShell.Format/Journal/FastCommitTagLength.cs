using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.Journal;

/// <summary>
/// The head of a fast-commit record (<c>struct ext4_fc_tl</c>). Fast commits are little-endian, unlike the rest of the journal.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x04)]
public struct FastCommitTagLength
{
    /// <summary><c>fc_tag</c>: see <see cref="FastCommitTag"/>.</summary>
    [FieldOffset(0x00)] public Le16 TagValue;

    /// <summary><c>fc_len</c>: bytes that follow.</summary>
    [FieldOffset(0x02)] public Le16 LengthBytes;
}
