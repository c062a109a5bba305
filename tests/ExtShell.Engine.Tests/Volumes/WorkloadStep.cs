namespace ExtShell.Engine.Tests.Volumes;

/// <summary>What a random workload can do next.</summary>
internal enum WorkloadStep
{
    Create,
    Mkdir,
    Link,
    Unlink,
    Rmdir,
    Rename,
    WriteDirect,
    WriteUnaligned,
    StartDirect,
    WriteBuffered,
    Fallocate,
    Truncate,
    SyncFile,
    SyncVolume,
    Read,
    Punch,
    ZeroRange,
    Collapse,
    Insert,
    Close,
}
