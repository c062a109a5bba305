namespace ExtShell.Engine.Inodes;

/// <summary>The parts of a live inode that footprints tell apart; the inode is the resource, the part a place of it.</summary>
public enum InodePart
{
    /// <summary>The in-memory size.</summary>
    Size,

    /// <summary>The disk size.</summary>
    DiskSize,

    /// <summary>The count of direct I/Os in flight.</summary>
    InFlight,

    /// <summary>References, and whether it is alive.</summary>
    References,

    /// <summary>Its pages, coarsely: asking for them counts as changing them.</summary>
    Pages,

    /// <summary>Its map, and the transactions that changed it.</summary>
    Map,

    /// <summary>The rest of the record.</summary>
    Record,
}
