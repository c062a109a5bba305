using System.Runtime.CompilerServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.Journal;

/// <summary>Eight big-endian numbers in place.</summary>
[InlineArray(8)]
public struct Be32Array8
{
    private Be32 _first;
}
