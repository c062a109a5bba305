namespace ExtShell.Engine.Journal;

/// <summary>Why a scan of the log ended where it did.</summary>
public enum LogEnd
{
    /// <summary>The log is empty.</summary>
    Empty,

    /// <summary>The next block is none of the journal's own.</summary>
    NoRecord,

    /// <summary>The next block is of another transaction than the one expected: what was here before.</summary>
    OtherSequence,

    /// <summary>The next block is of no known type.</summary>
    UnknownType,

    /// <summary>The transaction would be longer than the log.</summary>
    LongerThanLog,

    /// <summary>A descriptor's sum does not match: its transaction was being written.</summary>
    DescriptorChecksum,

    /// <summary>A sum does not match, and the commit record is older than the one before: what was here before.</summary>
    StaleCommit,

    /// <summary>The sum over a transaction does not match, in a journal whose commit record did not wait for the rest.</summary>
    IncompleteCommit,

    /// <summary>A descriptor's or revoke block's sum does not match, and yet its commit record is there: damage.</summary>
    DamagedTransaction,

    /// <summary>A commit record's sum does not match, or the sum over its transaction: damage.</summary>
    DamagedCommit,

    /// <summary>The sum of a logged copy does not match its tag: damage.</summary>
    DamagedCopy,
}
