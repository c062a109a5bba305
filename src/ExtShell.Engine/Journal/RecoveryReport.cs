using ExtShell.Format.Errors;

namespace ExtShell.Engine.Journal;

/// <summary>What recovery found and did.</summary>
public sealed record RecoveryReport
{
    /// <summary>How it ended.</summary>
    public required RecoveryOutcome Outcome { get; init; }

    /// <summary>Why the log ended where it did.</summary>
    public required LogEnd End { get; init; }

    /// <summary>EUCLEAN or EBADMSG if it failed: what the kernel's mount answers.</summary>
    public Errno Error { get; init; }

    /// <summary>The transaction that the log begins with.</summary>
    public TransactionId First { get; init; }

    /// <summary>The transaction after the last one that counts.</summary>
    public TransactionId Next { get; init; }

    /// <summary>The block of the journal at which the log ended.</summary>
    public uint EndBlock { get; init; }

    /// <summary>How many transactions were replayed.</summary>
    public int TransactionsReplayed { get; init; }

    /// <summary>How many blocks were copied to their homes.</summary>
    public int BlocksReplayed { get; init; }

    /// <summary>How many copies were left out because a later transaction revoked them.</summary>
    public int BlocksRevoked { get; init; }

    /// <summary>How many revoke records were read.</summary>
    public int RevokeRecords { get; init; }

    /// <summary>An error that stopped the journal when it was last used, as its superblock recorded it.</summary>
    public Errno RecordedError { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Outcome}: {TransactionsReplayed} transactions, {BlocksReplayed} blocks replayed, {BlocksRevoked} revoked, "
            + $"ends before transaction {Next} ({End})";
}
