namespace ExtShell.Engine.IO;

/// <summary>
/// What a write promises when it is acknowledged: the O_SYNC and O_DSYNC of <c>open(2)</c>, RWF_SYNC and RWF_DSYNC of <c>pwritev2(2)</c>.
/// </summary>
public enum SyncKind
{
    /// <summary>Nothing survives a cut for sure until an fsync.</summary>
    None = 0,
    /// <summary>O_DSYNC: the bytes survive, and what is needed to read them back (mapping and size).</summary>
    DataSync = 1,
    /// <summary>O_SYNC: as <see cref="DataSync"/>, and all of the inode besides (times).</summary>
    Sync = 2,
}
