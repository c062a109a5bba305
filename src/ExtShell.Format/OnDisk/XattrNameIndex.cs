namespace ExtShell.Format.OnDisk;

/// <summary>The prefix of an attribute's name (<c>e_name_index</c>).</summary>
public enum XattrNameIndex : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>user.</summary>
    User = 1,

    /// <summary>system.posix_acl_access, whole.</summary>
    PosixAclAccess = 2,

    /// <summary>system.posix_acl_default, whole.</summary>
    PosixAclDefault = 3,

    /// <summary>trusted.</summary>
    Trusted = 4,

    /// <summary>security.</summary>
    Security = 6,

    /// <summary>system.</summary>
    System = 7,

    /// <summary>system.richacl, whole.</summary>
    RichAcl = 8,

    /// <summary>The encryption context.</summary>
    Encryption = 9,

    /// <summary>gnu.</summary>
    Hurd = 10,
}
