using System.Runtime.CompilerServices;

namespace ExtShell.Format.OnDisk;

/// <summary>Thirty-two bytes in place; indexes and converts to a span.</summary>
[InlineArray(32)]
public struct Bytes32
{
    private byte _first;
}
