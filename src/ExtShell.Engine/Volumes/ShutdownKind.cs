namespace ExtShell.Engine.Volumes;

/// <summary>How a mounted volume is shut down at once (EXT4_IOC_SHUTDOWN): nothing is written after it, every call answers EIO.</summary>
public enum ShutdownKind
{
    /// <summary>Everything is written and committed first.</summary>
    Flush = 0,
    /// <summary>The journal is committed first, file data is not written back.</summary>
    LogFlush = 1,
    /// <summary>Nothing is written.</summary>
    NoLogFlush = 2,
}
