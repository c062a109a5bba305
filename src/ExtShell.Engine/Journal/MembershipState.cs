namespace ExtShell.Engine.Journal;

/// <summary>What a transaction has to do with a buffer.</summary>
internal enum MembershipState : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A handle has write access and has not reported a change.</summary>
    Reserved,

    /// <summary>It was changed: the log gets a copy.</summary>
    Metadata,

    /// <summary>It was freed: it is not written home, and dropped when the transaction is durable.</summary>
    Forgotten,
}
