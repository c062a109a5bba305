using System.Runtime.CompilerServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>Seventeen little-endian numbers in place.</summary>
[InlineArray(17)]
public struct Le32Array17
{
    private Le32 _first;
}
