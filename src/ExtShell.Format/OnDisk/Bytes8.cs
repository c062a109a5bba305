using System.Runtime.CompilerServices;

namespace ExtShell.Format.OnDisk;

/// <summary>Eight bytes in place; indexes and converts to a span.</summary>
[InlineArray(8)]
public struct Bytes8
{
    private byte _first;
}
