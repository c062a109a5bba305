namespace ExtShell.Engine.Journal;

/// <summary>How a journal is used by a mount.</summary>
public sealed record JournalOptions
{
    /// <summary>The sums that it writes. The kernel: <see cref="JournalChecksum.Version3"/> with metadata_csum, else none.</summary>
    public JournalChecksum Checksum { get; init; } = JournalChecksum.Version3;

    /// <summary>Whether block numbers have 64 bits from now on; once on it stays on. The kernel: if the volume has 64bit.</summary>
    public bool Uses64Bit { get; init; } = true;

    /// <summary>Whether commits flush a device that has a volatile cache (not with <c>nobarrier</c>).</summary>
    public bool SendsBarriers { get; init; } = true;

    /// <summary>Whether a commit has the data that it refers to on the device before its record (not with data=writeback).</summary>
    public bool OrdersData { get; init; } = true;

    /// <summary>Whether a flush first waits for all that is in flight, as barriers did in 2009.</summary>
    public bool DrainsBeforeFlush { get; init; }

    /// <summary>Whether FUA is used where the device has it; without, a write that must be durable is followed by a flush.</summary>
    public bool UsesFua { get; init; } = true;
}
