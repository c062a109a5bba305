namespace ExtShell.Engine.Journal;

/// <summary>A descriptor or revoke block that a scan met.</summary>
/// <param name="Transaction">Whose it is.</param>
/// <param name="Block">Where in the journal.</param>
/// <param name="TagCount">How many copies follow; −1 for a revoke block.</param>
internal readonly record struct LogRecord(TransactionId Transaction, uint Block, int TagCount)
{
    public bool IsRevoke => TagCount < 0;
}
