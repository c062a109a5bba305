namespace ExtShell.Format.Journal;

/// <summary>Incompatible features of a journal (<c>s_feature_incompat</c>).</summary>
[Flags]
public enum JournalIncompatibleFeatures : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>JBD2_FEATURE_INCOMPAT_REVOKE: there may be revoke blocks.</summary>
    Revoke = 0x01,

    /// <summary>JBD2_FEATURE_INCOMPAT_64BIT: block numbers have 64 bits.</summary>
    Bits64 = 0x02,

    /// <summary>JBD2_FEATURE_INCOMPAT_ASYNC_COMMIT: the commit block need not wait for the rest.</summary>
    AsyncCommit = 0x04,

    /// <summary>JBD2_FEATURE_INCOMPAT_CSUM_V2: tags hold half a CRC-32C.</summary>
    ChecksumV2 = 0x08,

    /// <summary>JBD2_FEATURE_INCOMPAT_CSUM_V3: tags hold a whole CRC-32C.</summary>
    ChecksumV3 = 0x10,

    /// <summary>JBD2_FEATURE_INCOMPAT_FAST_COMMIT: there may be fast commits.</summary>
    FastCommit = 0x20,
}
