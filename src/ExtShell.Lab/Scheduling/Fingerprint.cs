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

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        ulong low = _low, high = _high;
        foreach (ulong word in words)
        {
            low = BitOperations.RotateLeft((low ^ word) * 0x9FB21C651E98DF25, 29);
            high = BitOperations.RotateLeft((high + word) * 0xD6E8FEB86659FD93, 31);
        }

        (_low, _high) = (low, high ^ low);
        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
            Add(rest);
    }

    public void Add(string text)
    {
        Add(text.Length);
        foreach (char c in text)
            Add(c);
    }
}
