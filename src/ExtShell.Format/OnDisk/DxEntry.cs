using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// An entry of a hash tree (<c>struct dx_entry</c>). The first entry of a node has no hash of its own: it stands for all that is less
/// than the second's, and its hash's place holds a <see cref="DxCountLimit"/>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x08)]
public struct DxEntry
{
    /// <summary>Bytes of an entry.</summary>
    public const int SizeBytes = 0x08;

    /// <summary>The bits of <see cref="Block"/> that are the block's number.</summary>
    public const uint BlockMask = 0x0FFFFFFF;

    /// <summary><c>hash</c>: the least hash below; bit 0 says that the hash before it continues here.</summary>
    [FieldOffset(0x00)] public Le32 Hash;

    /// <summary><c>block</c>: the block of the directory; the highest four bits are not part of it.</summary>
    [FieldOffset(0x04)] public Le32 Block;
}
