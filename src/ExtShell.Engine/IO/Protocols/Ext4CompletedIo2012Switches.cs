namespace ExtShell.Engine.IO.Protocols;

/// <summary>The defects of <see cref="Ext4CompletedIo2012"/> that can be turned on.</summary>
[Flags]
public enum Ext4CompletedIo2012Switches
{
    /// <summary>The cured protocol.</summary>
    None = 0,

    /// <summary>WorkerTriesInodeLock: the worker only tries the inode lock, and queues itself again when it fails.</summary>
    WorkerTriesInodeLock = 1,

    /// <summary>
    /// FlushSeesOnlyTheList: flush converts what is listed, and knows neither what the worker has taken nor what is not listed yet
    /// (as posted; c278531d39f3).
    /// </summary>
    FlushSeesOnlyTheList = 2,

    /// <summary>PunchIgnoresFlush: a hole is punched although a conversion failed.</summary>
    PunchIgnoresFlush = 4,

    /// <summary>ErrorNotSticky: an error that the worker met is told to nobody; flush returns its own errors only.</summary>
    ErrorNotSticky = 8,

    /// <summary>FillHolesWritten: a hole inside the size is allocated written.</summary>
    FillHolesWritten = 16,

    /// <summary>NoOrphan: an extending write does not put its inode on the orphan list.</summary>
    NoOrphan = 32,
}
