namespace ExtShell.Engine.Volumes;

/// <summary>How a volume is mounted. The default is what today's Linux does for <c>mount -t ext4</c>.</summary>
public sealed record MountOptions
{
    /// <summary>Nothing but the defaults.</summary>
    public static MountOptions Default { get; } = new();

    /// <summary>Whether the volume is mounted read-only. Recovery still runs, as on Linux.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>
    /// What the journal carries. On a volume without journal the default means none, and <see cref="JournalMode.Writeback"/> and
    /// <see cref="JournalMode.Journal"/> are EINVAL.
    /// </summary>
    public JournalMode Journal { get; init; } = JournalMode.Ordered;

    /// <summary>What commit and fsync ask of the device's cache.</summary>
    public BarrierMode Barrier { get; init; } = BarrierMode.Flush;

    /// <summary>The direct I/O protocol, by name.</summary>
    public string Protocol { get; init; } = "Ext4Iomap2023";

    /// <summary>
    /// The protocol's defects that are turned on, by name, such as <c>ExtendAfterSync</c>; a variant follows a colon:
    /// <c>ExtendAfterSync:DiskSizeLate</c>.
    /// </summary>
    public IReadOnlyList<string> Switches { get; init; } = [];

    /// <summary>Whether writes may use FUA where the device has it; without it a commit flushes after its record.</summary>
    public bool UseFua { get; init; } = true;

    /// <summary>
    /// Whether buffered write-back allocates unwritten and overwrites share the inode lock (<c>dioread_nolock</c>, today's default).
    /// </summary>
    public bool DioReadNoLock { get; init; } = true;

    /// <summary>
    /// The time at which the mount happens, nanoseconds since 1970; the machine's clock is set to it unless it is later already.
    /// </summary>
    public long? StartTimeUnixNanoseconds { get; init; }

    /// <summary>The number of the first call, where no observer numbers them.</summary>
    public int FirstCall { get; init; } = 1;

    /// <summary>Is told calls, returns and acknowledgements from the first one on.</summary>
    public IVolumeObserver? Observer { get; init; }
}
