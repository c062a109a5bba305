namespace ExtShell.Engine.Kernel;

/// <summary>The closed list of what may wait; nothing else in the engine is awaitable.</summary>
public enum WaitKind
{
    /// <summary>Taking a lock.</summary>
    Lock,

    /// <summary>Starting, extending or restarting a handle.</summary>
    Handle,

    /// <summary>Data I/O on its way to or from the device.</summary>
    DataIo,

    /// <summary>A transaction's commit.</summary>
    Commit,

    /// <summary>A work queue: its worker waits for items, others for it to drain.</summary>
    WorkQueue,

    /// <summary>Any other event.</summary>
    Event,

    /// <summary>An explicit scheduling point.</summary>
    Yield,
}
