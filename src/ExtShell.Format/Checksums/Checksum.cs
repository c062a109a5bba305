namespace ExtShell.Format.Checksums;

/// <summary>The three sums by their kind.</summary>
public static class Checksum
{
    private static readonly byte[] ZeroBytes = new byte[256];

    /// <summary>The register after <paramref name="bytes"/>.</summary>
    public static uint Update(ChecksumKind kind, uint register, ReadOnlySpan<byte> bytes) => kind switch
    {
        ChecksumKind.Crc32C => Crc32C.Update(register, bytes),
        ChecksumKind.Crc16 => Crc16.Update((ushort)register, bytes),
        _ => Crc32BigEndian.Update(register, bytes),
    };

    /// <summary>The register after <paramref name="count"/> zero bytes.</summary>
    public static uint UpdateZeroes(ChecksumKind kind, uint register, int count)
    {
        if (kind == ChecksumKind.Crc32C)
            return Crc32C.UpdateZeroes(register, count);
        for (; count > 0; count -= ZeroBytes.Length)
            register = Update(kind, register, ZeroBytes.AsSpan(0, Math.Min(count, ZeroBytes.Length)));
        return register;
    }
}
