using System.Buffers.Binary;
using System.Numerics;

namespace ExtShell.Format.Checksums;

/// <summary>
/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) as ext4 and jbd2 use it: the running register goes in and comes out,
/// with no inversion at either end.
/// </summary>
public static class Crc32C
{
    /// <summary>The register with which ext4 begins a sum that no other sum seeds.</summary>
    public const uint InitialRegister = 0xFFFFFFFF;

    /// <summary>The register after <paramref name="bytes"/>.</summary>
    public static uint Update(uint register, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            register = BitOperations.Crc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (byte one in bytes)
            register = BitOperations.Crc32C(register, one);
        return register;
    }

    /// <summary>The register after a little-endian 32-bit number.</summary>
    public static uint Update(uint register, uint number) => BitOperations.Crc32C(register, number);

    /// <summary>The register after <paramref name="count"/> zero bytes.</summary>
    public static uint UpdateZeroes(uint register, int count)
    {
        for (; count >= 8; count -= 8)
            register = BitOperations.Crc32C(register, 0UL);
        for (; count > 0; count--)
            register = BitOperations.Crc32C(register, (byte)0);
        return register;
    }
}
