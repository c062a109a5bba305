namespace ExtShell.Lab.Durability;

/// <summary>What kind of promise a crash state breaks.</summary>
public enum ViolationKind
{
    /// <summary>Acknowledged, durable bytes are not there: older ones or zeroes are.</summary>
    LostData,

    /// <summary>
    /// Bytes are there that this file never held at that place: another file's, a deleted file's, the journal's, or what the device held
    /// before.
    /// </summary>
    StaleExposed,

    /// <summary>The size says that an appended range is there, and its bytes are not.</summary>
    SizeBeforeData,

    /// <summary>The size is smaller than promised data needs, or a durable truncate is undone.</summary>
    LostSize,

    /// <summary>The size is one that no call can have given at this cut.</summary>
    WrongSize,

    /// <summary>A name that was promised is missing.</summary>
    LostName,

    /// <summary>A name is there that cannot be: its removal was durable, or no call gave it.</summary>
    UnexpectedName,

    /// <summary>A later directory operation is there and an earlier one is not.</summary>
    NamesOutOfOrder,

    /// <summary>A file's link count is not the number of its names.</summary>
    WrongLinkCount,

    /// <summary>Reserved blocks that were promised are gone.</summary>
    LostAllocation,

    /// <summary>A file that nobody touched is not as it was.</summary>
    ChangedBystander,

    /// <summary>A reader saw, without any cut, bytes or an end of file that it may not see.</summary>
    WrongRead,

    /// <summary>A call answered what it may not answer: a count or an error that its caller was told not to expect.</summary>
    UnexpectedResult,

    /// <summary>An append went over another one that had been acknowledged, or was in progress.</summary>
    OverlappingAppends,

    /// <summary>Attributes changed that no successful call changed.</summary>
    ChangedAttributes,

    /// <summary>The volume does not mount.</summary>
    NotMountable,

    /// <summary>The checker found damage after recovery.</summary>
    Inconsistent,

    /// <summary>A user's own verifier objects.</summary>
    Custom,
}
