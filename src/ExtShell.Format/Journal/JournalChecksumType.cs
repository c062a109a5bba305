namespace ExtShell.Format.Journal;

/// <summary>Kinds of sum that a journal names (<c>s_checksum_type</c>, <c>h_chksum_type</c>).</summary>
public enum JournalChecksumType : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>CRC-32, big-endian: checksum v1.</summary>
    Crc32 = 1,

    /// <summary>Never used.</summary>
    Md5 = 2,

    /// <summary>Never used.</summary>
    Sha1 = 3,

    /// <summary>CRC-32C: checksum v2 and v3.</summary>
    Crc32C = 4,
}
