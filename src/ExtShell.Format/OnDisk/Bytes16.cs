using System.Runtime.CompilerServices;

namespace ExtShell.Format.OnDisk;

/// <summary>Sixteen bytes in place; indexes and converts to a span.</summary>
[InlineArray(16)]
public struct Bytes16
{
    private byte _first;
}
