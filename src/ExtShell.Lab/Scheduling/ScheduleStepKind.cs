namespace ExtShell.Lab.Scheduling;

/// <summary>What an actor is about to do: start, go on from a wait of the machine's closed list, or end an I/O.</summary>
public enum ScheduleStepKind : byte
{
    /// <summary>A thread starts.</summary>
    Start,

    /// <summary>An I/O ends.</summary>
    End,

    /// <summary>A thread takes a lock.</summary>
    Lock,

    /// <summary>A thread starts, extends or restarts a handle.</summary>
    Handle,

    /// <summary>A thread goes on whose data I/O has ended.</summary>
    DataIo,

    /// <summary>A thread goes on whose transaction was committed.</summary>
    Commit,

    /// <summary>A worker has items, or somebody's work queue is drained.</summary>
    WorkQueue,

    /// <summary>A thread goes on after any other event.</summary>
    Event,

    /// <summary>A thread goes on from an explicit scheduling point.</summary>
    Yield,
}
