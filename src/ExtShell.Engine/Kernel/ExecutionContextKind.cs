namespace ExtShell.Engine.Kernel;

/// <summary>In which context code runs: what it may do differs.</summary>
public enum ExecutionContextKind
{
    /// <summary>A caller of the volume: may block.</summary>
    Caller,

    /// <summary>A worker of the volume (completion, commit, write-back): may block and start handles.</summary>
    Worker,

    /// <summary>The end of an I/O: may enqueue, wake and count; waiting is a violation.</summary>
    Interrupt,
}
