namespace ExtShell.Engine.IO.Protocols;

/// <summary>The defects of <see cref="Ext4Iomap2023"/> that can be turned on.</summary>
[Flags]
public enum Ext4Iomap2023Switches
{
    /// <summary>The cured protocol.</summary>
    None = 0,

    /// <summary>
    /// ExtendAfterSync, or ExtendAfterSync:BothSizesLate: both sizes are raised when iomap has returned, after the sync of O_SYNC
    /// (569342dc2485).
    /// </summary>
    ExtendAfterSync = 1,

    /// <summary>ExtendAfterSync:DiskSizeLate: the in-memory size is raised in time, the disk size after the sync.</summary>
    DiskSizeAfterSync = 2,

    /// <summary>
    /// FuaSkipsSync: a write by O_DSYNC into allocated blocks goes out by FUA, and not even a dirty mapping or size gets a sync
    /// (0929d8580071, 7684e2c4384d).
    /// </summary>
    FuaSkipsSync = 4,

    /// <summary>InvalidateBeforeConvert: the page cache is invalidated before the conversion (332391a9935d, 5e25c269e17d).</summary>
    InvalidateBeforeConvert = 8,

    /// <summary>
    /// ZeroOutMarksWhole: where splitting fails for lack of space, the tail is zeroed and the whole extent marked written (1bf6974822d1).
    /// </summary>
    ZeroOutMarksWhole = 16,

    /// <summary>FillHolesWritten: a hole inside the size is allocated written.</summary>
    FillHolesWritten = 32,

    /// <summary>NoOrphan: an extending write does not put its inode on the orphan list.</summary>
    NoOrphan = 64,
}
