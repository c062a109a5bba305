namespace ExtShell.Engine.Journal;

/// <summary>How far a transaction is.</summary>
internal enum TransactionState
{
    /// <summary>Handles may join.</summary>
    Running,

    /// <summary>Its open handles may end; none may join.</summary>
    Locked,

    /// <summary>Data and log blocks are on their way; its commit will flush the device.</summary>
    Writing,

    /// <summary>The flush of its commit was sent.</summary>
    Recording,

    /// <summary>It is durable, or it never will be.</summary>
    Finished,
}
