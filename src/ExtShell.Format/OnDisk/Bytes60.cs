using System.Runtime.CompilerServices;

namespace ExtShell.Format.OnDisk;

/// <summary>Sixty bytes in place; indexes and converts to a span.</summary>
[InlineArray(60)]
public struct Bytes60
{
    private byte _first;
}
