using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.Journal;

/// <summary>The first record of a fast commit (<c>struct ext4_fc_head</c>).</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x08)]
public struct FastCommitHead
{
    /// <summary><c>fc_features</c>: 0: features that replay must know.</summary>
    [FieldOffset(0x00)] public Le32 Features;

    /// <summary><c>fc_tid</c>: the transaction that it goes with.</summary>
    [FieldOffset(0x04)] public Le32 TransactionId;
}
