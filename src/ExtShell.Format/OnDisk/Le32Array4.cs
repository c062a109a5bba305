using System.Runtime.CompilerServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>Four little-endian numbers in place.</summary>
[InlineArray(4)]
public struct Le32Array4
{
    private Le32 _first;
}
