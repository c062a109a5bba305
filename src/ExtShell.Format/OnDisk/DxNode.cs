using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// An inner block of a hash tree up to its entries (<c>struct dx_node</c>): an unused entry that covers the block. The entries follow at
/// <see cref="EntriesOffsetBytes"/>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x08)]
public struct DxNode
{
    /// <summary>Where the entries begin; the first one's hash is a <see cref="DxCountLimit"/>.</summary>
    public const int EntriesOffsetBytes = 0x08;

    /// <summary><c>fake.inode</c>: 0.</summary>
    [FieldOffset(0x00)] public Le32 FakeInode;

    /// <summary><c>fake.rec_len</c>: the block's size.</summary>
    [FieldOffset(0x04)] public Le16 FakeRecordLength;

    /// <summary><c>fake.name_len</c>: 0.</summary>
    [FieldOffset(0x06)] public byte FakeNameLength;

    /// <summary><c>fake.file_type</c>: 0.</summary>
    [FieldOffset(0x07)] public byte FakeFileType;
}
