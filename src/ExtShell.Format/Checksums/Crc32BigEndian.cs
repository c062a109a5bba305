namespace ExtShell.Format.Checksums;

/// <summary>CRC-32, most significant bit first (polynomial 0x04C11DB7), no inversion: jbd2's checksum v1, begun with all ones.</summary>
public static class Crc32BigEndian
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>The register with which a transaction's sum begins.</summary>
    public const uint InitialRegister = 0xFFFFFFFF;

    /// <summary>The register after <paramref name="bytes"/>.</summary>
    public static uint Update(uint register, ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
            register = (register << 8) ^ Table[(register >> 24) ^ one];
        return register;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i << 24;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 0x80000000) != 0 ? (value << 1) ^ 0x04C11DB7 : value << 1;
            table[i] = value;
        }

        return table;
    }
}
