using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.Journal;

/// <summary>A name that was made, linked or removed (<c>struct ext4_fc_dentry_info</c>); the name follows.</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x08)]
public struct FastCommitDirectoryEntry
{
    /// <summary><c>fc_parent_ino</c>: the directory.</summary>
    [FieldOffset(0x00)] public Le32 ParentInode;

    /// <summary><c>fc_ino</c>: the inode that the name is for.</summary>
    [FieldOffset(0x04)] public Le32 Inode;
}
