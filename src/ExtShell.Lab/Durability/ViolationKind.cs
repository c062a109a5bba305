namespace ExtShell.Lab.Durability;

/// <summary>What kind of promise a crash state breaks.</summary>
public enum ViolationKind
{
    /// <summary>Acknowledged, durable bytes are not there.</summary>
    LostData,

    /// <summary>Bytes are there that this file never held: another file's, a deleted file's, the journal's, or what the device held before.</summary>
    StaleExposed,

    /// <summary>The size is one that the file cannot have at this cut.</summary>
    WrongSize,

    /// <summary>A name that was promised is missing.</summary>
    LostName,

    /// <summary>A name is there that cannot be.</summary>
    UnexpectedName,

    /// <summary>Reserved blocks that were promised are gone.</summary>
    LostAllocation,

    /// <summary>The volume does not mount.</summary>
    NotMountable,

    /// <summary>The checker found damage after recovery.</summary>
    Inconsistent,

    /// <summary>A user's own verifier objects.</summary>
    Custom,
}
