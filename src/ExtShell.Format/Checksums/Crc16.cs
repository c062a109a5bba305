namespace ExtShell.Format.Checksums;

/// <summary>CRC-16 (reflected polynomial 0xA001) as group descriptors with gdt_csum use it; begins with 0xFFFF, no inversion.</summary>
public static class Crc16
{
    private static readonly ushort[] Table = MakeTable();

    /// <summary>The register with which a group descriptor's sum begins.</summary>
    public const ushort InitialRegister = 0xFFFF;

    /// <summary>The register after <paramref name="bytes"/>.</summary>
    public static ushort Update(ushort register, ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
            register = (ushort)((register >> 8) ^ Table[(register ^ one) & 0xFF]);
        return register;
    }

    private static ushort[] MakeTable()
    {
        var table = new ushort[256];
        for (int i = 0; i < 256; i++)
        {
            int value = i;
            for (int bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ 0xA001 : value >> 1;
            table[i] = (ushort)value;
        }

        return table;
    }
}
