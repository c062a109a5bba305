namespace ExtShell.Engine.Journal;

/// <summary>The sums that a journal writes.</summary>
public enum JournalChecksum
{
    /// <summary>None, as mke2fs leaves a journal; the kernel's choice for a volume without metadata_csum.</summary>
    None,

    /// <summary>Half a CRC-32C in each tag: what Linux 3.5 to 3.16 wrote.</summary>
    Version2,

    /// <summary>A whole CRC-32C in each tag: the kernel's choice for a volume with metadata_csum.</summary>
    Version3,
}
