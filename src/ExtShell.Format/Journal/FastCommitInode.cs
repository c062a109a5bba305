using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.Journal;

/// <summary>An inode's new content (<c>struct ext4_fc_inode</c>); the raw inode follows.</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x04)]
public struct FastCommitInode
{
    /// <summary><c>fc_ino</c>: its number.</summary>
    [FieldOffset(0x00)] public Le32 Inode;
}
