using System.Runtime.CompilerServices;

namespace ExtShell.Format.OnDisk;

/// <summary>Four bytes in place; indexes and converts to a span.</summary>
[InlineArray(4)]
public struct Bytes4
{
    private byte _first;
}
