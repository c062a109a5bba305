namespace ExtShell.Format.OnDisk;

/// <summary>Mount options that count if none are given (<c>s_default_mount_opts</c>).</summary>
[Flags]
public enum DefaultMountOptions : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>EXT4_DEFM_DEBUG.</summary>
    Debug = 0x0001,

    /// <summary>EXT4_DEFM_BSDGROUPS.</summary>
    BsdGroups = 0x0002,

    /// <summary>EXT4_DEFM_XATTR_USER.</summary>
    UserAttributes = 0x0004,

    /// <summary>EXT4_DEFM_ACL.</summary>
    Acl = 0x0008,

    /// <summary>EXT4_DEFM_UID16.</summary>
    Uid16 = 0x0010,

    /// <summary>EXT4_DEFM_JMODE_DATA.</summary>
    JournalData = 0x0020,

    /// <summary>EXT4_DEFM_JMODE_ORDERED.</summary>
    JournalOrdered = 0x0040,

    /// <summary>EXT4_DEFM_JMODE_WBACK.</summary>
    JournalWriteback = 0x0060,

    /// <summary>EXT4_DEFM_NOBARRIER.</summary>
    NoBarrier = 0x0100,

    /// <summary>EXT4_DEFM_BLOCK_VALIDITY.</summary>
    BlockValidity = 0x0200,

    /// <summary>EXT4_DEFM_DISCARD.</summary>
    Discard = 0x0400,

    /// <summary>EXT4_DEFM_NODELALLOC.</summary>
    NoDelayedAllocation = 0x0800,
}
