namespace ExtShell.Format.OnDisk;

/// <summary>Flags of the superblock (<c>s_flags</c>).</summary>
[Flags]
public enum SuperBlockFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>EXT2_FLAGS_SIGNED_HASH: directory hashes take bytes as signed.</summary>
    SignedHash = 0x1,

    /// <summary>EXT2_FLAGS_UNSIGNED_HASH: directory hashes take bytes as unsigned.</summary>
    UnsignedHash = 0x2,

    /// <summary>EXT2_FLAGS_TEST_FILESYS: for development code.</summary>
    TestFileSystem = 0x4,
}
