namespace ExtShell.Format.OnDisk;

/// <summary>
/// How names are hashed (<c>s_def_hash_version</c>, <c>hash_version</c>). On disk are 0 to 2 and 6; the superblock's flags make them
/// unsigned.
/// </summary>
public enum DirectoryHashVersion : byte
{
    /// <summary>The oldest hash, bytes signed.</summary>
    Legacy = 0,

    /// <summary>Half of MD4, bytes signed.</summary>
    HalfMd4 = 1,

    /// <summary>TEA, bytes signed.</summary>
    Tea = 2,

    /// <summary>The oldest hash, bytes unsigned.</summary>
    LegacyUnsigned = 3,

    /// <summary>Half of MD4, bytes unsigned.</summary>
    HalfMd4Unsigned = 4,

    /// <summary>TEA, bytes unsigned.</summary>
    TeaUnsigned = 5,

    /// <summary>Keyed, for encrypted directories that ignore case; not computed here.</summary>
    SipHash = 6,
}
