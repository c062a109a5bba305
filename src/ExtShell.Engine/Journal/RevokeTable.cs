namespace ExtShell.Engine.Journal;

/// <summary>The newest transaction that revoked each block: copies up to that one are not replayed.</summary>
internal sealed class RevokeTable
{
    private readonly Dictionary<long, TransactionId> _newest = [];

    public void Add(long block, TransactionId by)
    {
        if (!_newest.TryGetValue(block, out TransactionId known) || by > known)
            _newest[block] = by;
    }

    public bool IsRevoked(long block, TransactionId copy) =>
        _newest.Count > 0 && _newest.TryGetValue(block, out TransactionId by) && copy <= by;
}
