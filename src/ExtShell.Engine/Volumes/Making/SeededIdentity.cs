using System.Buffers.Binary;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>Identities from a seed: the same seed gives the same one, in the form of a random UUID (version 4).</summary>
internal static class SeededIdentity
{
    /// <summary>The identity number <paramref name="index"/> of <paramref name="seed"/>.</summary>
    public static Uuid Derive(ulong seed, uint index)
    {
        ulong state = seed ^ ((ulong)index << 56);
        Uuid uuid = default;
        BinaryPrimitives.WriteUInt64LittleEndian(uuid, Next(ref state));
        BinaryPrimitives.WriteUInt64LittleEndian(((Span<byte>)uuid)[8..], Next(ref state));
        uuid[6] = (byte)((uuid[6] & 0x0F) | 0x40);
        uuid[8] = (byte)((uuid[8] & 0x3F) | 0x80);
        return uuid;
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
