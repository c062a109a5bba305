namespace ExtShell.Format.Checksums;

/// <summary>The sums that the formats use. All three are linear over GF(2) up to their seed, which the crash explorer relies on.</summary>
public enum ChecksumKind
{
    /// <summary>CRC-32C: ext4 metadata_csum, jbd2 checksum v2 and v3.</summary>
    Crc32C,

    /// <summary>CRC-16 (reflected 0xA001): group descriptors with gdt_csum.</summary>
    Crc16,

    /// <summary>CRC-32, big-endian bit order (polynomial 0x04C11DB7): jbd2 checksum v1.</summary>
    Crc32BigEndian,
}
