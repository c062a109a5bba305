using ExtShell.Engine.Caching;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using Buffer = ExtShell.Engine.Caching.Buffer;

namespace ExtShell.Engine.Tests.Allocation;

/// <summary>
/// A journal that writes nothing, but counts as strictly as a real one: a credit for each block that a transaction touches first, no change
/// without access, no access without a report, and commits only where the test says so.
/// </summary>
public sealed class CountingJournal(BufferCache cache) : IJournal
{
    private readonly HashSet<long> _inTransaction = [];
    private readonly HashSet<long> _opened = [];
    private readonly List<Action> _actions = [];
    private Handle? _open;

    public TransactionId RunningTransaction { get; private set; } = new(1);

    public int MaxCredits => 64;

    public bool IsAborted => false;

    public Handle? CurrentHandle => _open;

    public HashSet<long> Revoked { get; } = [];

    /// <summary>What a commit of the running transaction would wait for.</summary>
    public Action? AtCommit { get; set; }

    /// <summary>Most credits that a handle took between its start or restart and its end.</summary>
    public int MostCreditsUsed { get; private set; }

    private int _given;

    public ValueTask<Handle> StartAsync(int creditsBlocks, string what) => new(Start(creditsBlocks));

    public Handle Start(int credits)
    {
        InvariantException.Require(_open is null && credits <= MaxCredits, "one handle, of a size that a small journal has");
        _given = credits;
        return _open = new Handle(this) { Transaction = RunningTransaction, CreditsLeft = credits, NestingCount = 1 };
    }

    public void Stop(Handle handle)
    {
        InvariantException.Require(_open == handle && _opened.Count == 0, "every block that was opened was reported");
        MostCreditsUsed = Math.Max(MostCreditsUsed, _given - handle.CreditsLeft);
        handle.NestingCount = 0;
        _open = null;
    }

    /// <summary>All that was done so far is durable.</summary>
    public void Commit()
    {
        InvariantException.Require(_opened.Count == 0, "every block that was opened was reported");
        AtCommit?.Invoke();
        _inTransaction.Clear();
        Revoked.Clear();
        RunningTransaction = RunningTransaction.Next;
        Action[] actions = [.. _actions];
        _actions.Clear();
        foreach (Action action in actions)
            action();
    }

    public ValueTask CommitAsync(TransactionId upTo)
    {
        Commit();
        return default;
    }

    public bool IsCommitted(TransactionId id) => id < RunningTransaction;

    public bool WillSendBarrier(TransactionId id) => true;

    public ValueTask FlushAsync() => CommitAsync(RunningTransaction);

    public ValueTask CloseAsync() => default;

    public void Abort(Errno errno)
    {
    }

    Span<byte> IJournal.GetWriteAccess(Handle handle, Buffer buffer, bool isNew)
    {
        InvariantException.Require(cache.Find(buffer.Block) == buffer, "a buffer that is changed was not forgotten");
        if (_inTransaction.Add(buffer.Block))
        {
            handle.CreditsLeft--;
            InvariantException.Require(handle.CreditsLeft >= 0, "a handle has credits for what it changes");
        }

        Revoked.Remove(buffer.Block);
        _opened.Add(buffer.Block);
        if (isNew)
            buffer.SetZeroes();
        return buffer.GetContentForWriting();
    }

    void IJournal.Dirty(Handle handle, Buffer buffer)
    {
        InvariantException.Require(_opened.Remove(buffer.Block), "a block is opened before it is reported");
        buffer.MarkDirty();
    }

    void IJournal.Revoke(Handle handle, long block)
    {
        InvariantException.Require(Revoked.Add(block), "a block is revoked once");
        _inTransaction.Remove(block);
        _opened.Remove(block);
        cache.Forget(block);
    }

    void IJournal.Forget(Handle handle, long block)
    {
        _inTransaction.Remove(block);
        cache.Forget(block);
    }

    void IJournal.AddOrderedData(Handle handle, IOrderedData file, long offsetBytes, long lengthBytes)
    {
    }

    void IJournal.OnCommitted(Handle handle, Action action) => _actions.Add(action);

    bool IJournal.TryExtend(Handle handle, int credits) => false;

    ValueTask IJournal.RestartAsync(Handle handle, int credits)
    {
        MostCreditsUsed = Math.Max(MostCreditsUsed, _given - handle.CreditsLeft);
        Commit();
        handle.Transaction = RunningTransaction;
        _given = handle.CreditsLeft = credits;
        return default;
    }

    ValueTask IJournal.StopAsync(Handle handle)
    {
        Stop(handle);
        return default;
    }
}
