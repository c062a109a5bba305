using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>What stands in place of the first entry's hash (<c>struct dx_countlimit</c>).</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x04)]
public struct DxCountLimit
{
    /// <summary><c>limit</c>: entries for which there is room, this one included.</summary>
    [FieldOffset(0x00)] public Le16 Limit;

    /// <summary><c>count</c>: entries that are valid, this one included.</summary>
    [FieldOffset(0x02)] public Le16 Count;
}
