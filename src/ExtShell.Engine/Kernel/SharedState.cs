namespace ExtShell.Engine.Kernel;

/// <summary>Names of shared state that footprints treat as one resource: see <see cref="Machine.Touch(object, AccessKind)"/>.</summary>
public static class SharedState
{
    /// <summary>
    /// Metadata blocks, what is kept of them in memory, and the order in which a transaction met them. Coarse: who changes one
    /// conflicts with who reads any.
    /// </summary>
    public const string Metadata = "metadata";

    /// <summary>The journal's handles and transactions. Joining and leaving are marks.</summary>
    public const string Journal = "journal";

    /// <summary>Whether a commit, or the journal's end, was asked for.</summary>
    public const string CommitRequests = "commit requests";

    /// <summary>
    /// The calls. A call, and an I/O that ends, is a read; an acknowledgement is a mark: calls commute, acknowledgements commute, a
    /// call and an acknowledgement do not.
    /// </summary>
    public const string History = "history";

    /// <summary>What had ended when a flush was submitted: flushes are reads, ends are marks.</summary>
    public const string DeviceOrder = "order of the device";

    /// <summary>Which inodes are alive.</summary>
    public const string InodeTable = "inode table";

    /// <summary>Which files are open, and whether the volume is mounted.</summary>
    public const string OpenFiles = "open files";

    /// <summary>Who is inside a call: returns are marks, an unmount waits for them.</summary>
    public const string Callers = "callers";

    /// <summary>Which I/O fails: I/O that ends looks, and counts what it meets.</summary>
    public const string DeviceFaults = "device faults";
}
