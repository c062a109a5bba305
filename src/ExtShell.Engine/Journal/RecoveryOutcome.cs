namespace ExtShell.Engine.Journal;

/// <summary>How recovery ended.</summary>
public enum RecoveryOutcome
{
    /// <summary>The log was empty: nothing was done.</summary>
    NotNeeded,

    /// <summary>Every transaction that is whole was replayed.</summary>
    Recovered,

    /// <summary>
    /// The log is damaged where it must not be: the kernel fails such a mount, and so does ours. What came before was replayed.
    /// </summary>
    Failed,
}
