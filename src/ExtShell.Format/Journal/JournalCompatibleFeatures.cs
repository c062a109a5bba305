namespace ExtShell.Format.Journal;

/// <summary>Compatible features of a journal (<c>s_feature_compat</c>).</summary>
[Flags]
public enum JournalCompatibleFeatures : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>JBD2_FEATURE_COMPAT_CHECKSUM: checksum v1, in commit blocks.</summary>
    Checksum = 0x1,
}
