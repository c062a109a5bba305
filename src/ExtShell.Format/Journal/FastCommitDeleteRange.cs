using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.Journal;

/// <summary>A range that an inode no longer maps (<c>struct ext4_fc_del_range</c>).</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x0C)]
public struct FastCommitDeleteRange
{
    /// <summary><c>fc_ino</c>: the inode.</summary>
    [FieldOffset(0x00)] public Le32 Inode;

    /// <summary><c>fc_lblk</c>: the first block of the file.</summary>
    [FieldOffset(0x04)] public Le32 LogicalBlock;

    /// <summary><c>fc_len</c>: how many.</summary>
    [FieldOffset(0x08)] public Le32 LengthBlocks;
}
