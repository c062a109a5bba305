using ExtShell.Engine.Kernel;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>
/// What volume to make. Every default is what <c>mke2fs</c> 1.47.0 takes with Debian 12's <c>mke2fs.conf</c>; what mke2fs takes from the
/// clock or from chance comes from here.
/// </summary>
public sealed record VolumeMakeOptions
{
    /// <summary>
    /// The volume's length in bytes; null for all of the storage. What does not fill a block, or a last group, is left out.
    /// </summary>
    public long? SizeBytes { get; init; }

    /// <summary>Bytes of a block: 1024, 2048 or 4096.</summary>
    public int BlockSizeBytes { get; init; } = 4096;

    /// <summary>Which features it begins with.</summary>
    public VolumeType Type { get; init; } = VolumeType.Ext4;

    /// <summary>Features to add, or with <c>^</c> to leave out, by mke2fs's names and separated by commas, as <c>mke2fs -O</c>.</summary>
    public string Features { get; init; } = "";

    /// <summary>One inode for so many bytes; null for what the volume's size suggests (4,096 to 65,536).</summary>
    public int? InodeRatioBytes { get; init; }

    /// <summary>The least number of inodes; null for what the ratio gives.</summary>
    public uint? InodesCount { get; init; }

    /// <summary>Bytes of an inode: a power of two from 128 to the block size.</summary>
    public int InodeSizeBytes { get; init; } = 256;

    /// <summary>Share of the blocks that is reserved for the superuser, 0 to 50.</summary>
    public double ReservedPercent { get; init; } = 5;

    /// <summary>The label: at most 16 bytes of UTF-8.</summary>
    public string Label { get; init; } = "";

    /// <summary>What <see cref="Uuid"/> and <see cref="HashSeed"/> are derived from where they are not given.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The volume's identity; null to derive it from <see cref="Seed"/>.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>The seed of the directory hash; null to derive it from <see cref="Seed"/>.</summary>
    public Guid? HashSeed { get; init; }

    /// <summary>When it is made, seconds since 1970: the time of the superblock and of all inodes.</summary>
    public long TimeSeconds { get; init; } = SimulatedClock.StartSeconds;

    /// <summary>
    /// The journal's length in bytes; null for what the volume's size suggests. At least 1,024 blocks, at most half of the volume; a volume
    /// of any type for which it is given has a journal.
    /// </summary>
    public long? JournalSizeBytes { get; init; }

    /// <summary>
    /// Whether inode tables that are not used yet are left as the storage holds them, for the kernel to zero later, as
    /// <c>mke2fs -E nodiscard,lazy_itable_init=1</c> does; otherwise they are zeroed here.
    /// </summary>
    public bool LazyInodeTables { get; init; }

    /// <summary>Whether the journal's blocks behind its superblock are left as the storage holds them; otherwise they are zeroed.</summary>
    public bool LazyJournal { get; init; }

    /// <summary>
    /// Whether every free block is filled with content that says where it stands (<see cref="StaleContent"/>), so that stale data that is
    /// exposed is recognised. Writes the whole volume: meant for volumes of a laboratory, up to 256 MiB.
    /// </summary>
    public bool FillFreeBlocks { get; init; }
}
