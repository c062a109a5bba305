using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// The head of an extended attribute (<c>struct ext4_xattr_entry</c>); the name follows, padded to four bytes. Four zero bytes end the
/// list.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x10)]
public struct XattrEntry
{
    /// <summary>Bytes of the head.</summary>
    public const int SizeBytes = 0x10;

    /// <summary><c>e_name_len</c>: bytes of the name, without its prefix.</summary>
    [FieldOffset(0x00)] public byte NameLength;

    /// <summary><c>e_name_index</c>: which prefix; see <see cref="XattrNameIndex"/>.</summary>
    [FieldOffset(0x01)] public byte NameIndex;

    /// <summary><c>e_value_offs</c>: where the value is: from the block's beginning, or from the first entry inside an inode.</summary>
    [FieldOffset(0x02)] public Le16 ValueOffset;

    /// <summary><c>e_value_inum</c>: the inode that holds the value, with ea_inode; else 0.</summary>
    [FieldOffset(0x04)] public Le32 ValueInode;

    /// <summary><c>e_value_size</c>: bytes of the value.</summary>
    [FieldOffset(0x08)] public Le32 ValueSize;

    /// <summary><c>e_hash</c>: hash of name and value.</summary>
    [FieldOffset(0x0C)] public Le32 Hash;

    /// <summary>Bytes from this entry to the next.</summary>
    public readonly int RecordLengthBytes => (SizeBytes + NameLength + 3) & ~3;
}
