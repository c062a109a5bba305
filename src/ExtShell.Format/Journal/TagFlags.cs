namespace ExtShell.Format.Journal;

/// <summary>Flags of a tag of a descriptor block.</summary>
[Flags]
public enum TagFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>JBD2_FLAG_ESCAPE: the block began with the journal's magic, which was replaced by zeroes.</summary>
    Escape = 0x1,

    /// <summary>JBD2_FLAG_SAME_UUID: no UUID follows.</summary>
    SameUuid = 0x2,

    /// <summary>JBD2_FLAG_DELETED: unused.</summary>
    Deleted = 0x4,

    /// <summary>JBD2_FLAG_LAST_TAG: the last tag of the block.</summary>
    Last = 0x8,
}
