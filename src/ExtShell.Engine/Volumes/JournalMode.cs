namespace ExtShell.Engine.Volumes;

/// <summary>What the journal carries: the <c>data=</c> of the mount options in the kernel's ext4 documentation.</summary>
public enum JournalMode
{
    /// <summary><c>data=ordered</c>: metadata; data is on the device before the metadata that refers to it commits.</summary>
    Ordered = 0,
    /// <summary><c>data=writeback</c>: metadata; data is not ordered with it.</summary>
    Writeback = 1,
    /// <summary>
    /// <c>data=journal</c>: data and metadata. Allocation is not delayed, direct I/O goes through the page cache.
    /// </summary>
    Journal = 2,
    /// <summary>
    /// No journal is used (<c>noload</c>): one that needs recovery is EINVAL, unless the volume is mounted read-only, as it is.
    /// </summary>
    None = 3,
}
