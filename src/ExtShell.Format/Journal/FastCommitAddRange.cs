using System.Runtime.InteropServices;
using ExtShell.Format.Endian;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Journal;

/// <summary>A range that an inode maps now (<c>struct ext4_fc_add_range</c>).</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x10)]
public struct FastCommitAddRange
{
    /// <summary><c>fc_ino</c>: the inode.</summary>
    [FieldOffset(0x00)] public Le32 Inode;

    /// <summary><c>fc_ex</c>: an <see cref="OnDisk.ExtentLeaf"/>, its first four bytes.</summary>
    [FieldOffset(0x04)] public Bytes4 ExtentBegin;

    /// <summary><c>fc_ex</c>: the rest of the extent.</summary>
    [FieldOffset(0x08)] public Bytes8 ExtentRest;
}
