using System.Runtime.CompilerServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>Two little-endian numbers in place.</summary>
[InlineArray(2)]
public struct Le32Array2
{
    private Le32 _first;
}
