namespace ExtShell.Engine.Volumes.Making;

/// <summary>What mke2fs chooses by the volume's size: measured with mke2fs 1.47.0 and Debian 12's <c>mke2fs.conf</c>.</summary>
internal static class SizeDefaults
{
    private const long Mebibyte = 1 << 20;
    private const long Tebibyte = 1L << 40;

    private static readonly (long BlocksCount, int JournalBlocks)[] JournalSteps =
    [
        (32L << 20, 262144),
        (16L << 20, 131072),
        (8L << 20, 65536),
        (4L << 20, 32768),
        (512L << 10, 16384),
        (256L << 10, 8192),
        (32L << 10, 4096),
        (2L << 10, 1024),
    ];

    /// <summary>One inode for so many bytes: the configuration's types floppy, small, none, big and huge.</summary>
    public static int InodeRatioBytes(long sizeBytes) => sizeBytes switch
    {
        < 3 * Mebibyte => 8192,
        < 512 * Mebibyte => 4096,
        < 4 * Tebibyte => 16384,
        < 16 * Tebibyte => 32768,
        _ => 65536,
    };

    /// <summary>Blocks of the journal; 0 if the volume is too small for one.</summary>
    public static int JournalBlocks(long blocksCount)
    {
        foreach ((long least, int journalBlocks) in JournalSteps)
        {
            if (blocksCount >= least)
                return journalBlocks;
        }

        return 0;
    }

    /// <summary>Blocks of the orphan file.</summary>
    public static int OrphanFileBlocks(long blocksCount) => (int)Math.Clamp(blocksCount / 4096, 32, 512);
}
