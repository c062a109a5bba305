using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// The first block of a hash-tree directory up to its entries (<c>struct dx_root</c>): the entries "." and "..", the second of which
/// covers the rest of the block for readers that know no hash trees. The entries follow at <see cref="EntriesOffsetBytes"/>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x20)]
public struct DxRoot
{
    /// <summary>Where the entries begin; the first one's hash is a <see cref="DxCountLimit"/>.</summary>
    public const int EntriesOffsetBytes = 0x20;

    /// <summary>Where what stands in place of names after ".." begins.</summary>
    public const int InfoOffsetBytes = 0x18;

    /// <summary>What <see cref="InfoLength"/> holds.</summary>
    public const byte ExpectedInfoLength = 8;

    /// <summary><c>dot.inode</c>: the directory's own inode.</summary>
    [FieldOffset(0x00)] public Le32 DotInode;

    /// <summary><c>dot.rec_len</c>: 12.</summary>
    [FieldOffset(0x04)] public Le16 DotRecordLength;

    /// <summary><c>dot.name_len</c>: 1.</summary>
    [FieldOffset(0x06)] public byte DotNameLength;

    /// <summary><c>dot.file_type</c>: directory.</summary>
    [FieldOffset(0x07)] public byte DotFileType;

    /// <summary><c>dot.name</c>: ".".</summary>
    [FieldOffset(0x08)] public Bytes4 DotName;

    /// <summary><c>dotdot.inode</c>: the parent's inode.</summary>
    [FieldOffset(0x0C)] public Le32 DotDotInode;

    /// <summary><c>dotdot.rec_len</c>: the rest of the block.</summary>
    [FieldOffset(0x10)] public Le16 DotDotRecordLength;

    /// <summary><c>dotdot.name_len</c>: 2.</summary>
    [FieldOffset(0x12)] public byte DotDotNameLength;

    /// <summary><c>dotdot.file_type</c>: directory.</summary>
    [FieldOffset(0x13)] public byte DotDotFileType;

    /// <summary><c>dotdot.name</c>: "..".</summary>
    [FieldOffset(0x14)] public Bytes4 DotDotName;

    /// <summary><c>info.reserved_zero</c>: 0.</summary>
    [FieldOffset(0x18)] public Le32 ReservedZero;

    /// <summary><c>info.hash_version</c>: see <see cref="DirectoryHashVersion"/>.</summary>
    [FieldOffset(0x1C)] public byte HashVersion;

    /// <summary><c>info.info_length</c>: 8.</summary>
    [FieldOffset(0x1D)] public byte InfoLength;

    /// <summary><c>info.indirect_levels</c>: levels of nodes between root and leaves: 0 or 1, 2 with large_dir.</summary>
    [FieldOffset(0x1E)] public byte IndirectLevels;

    /// <summary><c>info.unused_flags</c>: 0.</summary>
    [FieldOffset(0x1F)] public byte UnusedFlags;
}
