using System.Runtime.CompilerServices;

namespace ExtShell.Format.OnDisk;

/// <summary>Sixty-four bytes in place; indexes and converts to a span.</summary>
[InlineArray(64)]
public struct Bytes64
{
    private byte _first;
}
