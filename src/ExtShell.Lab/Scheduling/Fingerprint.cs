using System.Numerics;
using System.Runtime.InteropServices;

namespace ExtShell.Lab.Scheduling;

/// <summary>A running hash of 128 bits: equal inputs have equal ones on every machine, and different ones differ, but for chance.</summary>
internal struct Fingerprint
{
    private ulong _low;
    private ulong _high;

    public Fingerprint() => (_low, _high) = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F);

    public readonly UInt128 Value => new(_high, _low);

    public void Add(long value)
    {
        _low = BitOperations.RotateLeft((_low ^ (ulong)value) * 0x9FB21C651E98DF25, 29);
        _high = BitOperations.RotateLeft((_high + (ulong)value) * 0xD6E8FEB86659FD93, 31) ^ _low;
    }

    /// <summary>Adds bytes: four words at a time, each in a chain of its own, so that none waits for the others.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        ulong a = _low, b = _high, c = _low ^ 0xA0761D6478BD642F, d = _high ^ 0xE7037ED1A0B428DB;
        int at = 0;
        for (; at + 4 <= words.Length; at += 4)
        {
            a = BitOperations.RotateLeft((a ^ words[at]) * 0x9FB21C651E98DF25, 29);
            b = BitOperations.RotateLeft((b ^ words[at + 1]) * 0xD6E8FEB86659FD93, 31);
            c = BitOperations.RotateLeft((c ^ words[at + 2]) * 0xA0761D6478BD642F, 27);
            d = BitOperations.RotateLeft((d ^ words[at + 3]) * 0xE7037ED1A0B428DB, 33);
        }

        Add((long)a);
        Add((long)b);
        Add((long)c);
        Add((long)d);
        foreach (byte rest in bytes[(at * sizeof(ulong))..])
            Add(rest);
    }

    public void Add(string text)
    {
        Add(text.Length);
        foreach (char c in text)
            Add(c);
    }
}
