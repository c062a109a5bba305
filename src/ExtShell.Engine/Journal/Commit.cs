using ExtShell.Engine.Caching;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Journal;

/// <summary>
/// Makes a transaction durable, on the commit thread.
/// </summary>
/// <remarks>
/// lock, wait for open handles → switch (a new transaction may run) → submit ordered data → send revoke, descriptor blocks and copies →
/// wait for data, wait for the log's blocks → flush → commit record, durable → homes may be written.
/// (1) What handles of the new transaction change does not reach this one's log: they freeze what is not captured yet.
/// (2) Ordered data and the log's blocks have completed before the flush, so the flush covers them; the record is sent after it.
/// (3) A buffer may go home only from here on, unless the running transaction has it.
/// (4) What was freed may be used again only from here on, with no write of its old content in flight.
/// (5) The superblock names the tail before the first record behind it is written; it moves later only once enough would be freed, or when
/// space is needed.
/// (6) After an error there is no record, and nothing of the transaction goes home.
/// </remarks>
internal sealed class Commit
{
    private readonly Jbd2Journal _journal;
    private readonly BufferCache _cache;
    private readonly JournalDevice _device;
    private readonly SuperBlockWriter _superBlock;
    private readonly LogRing _ring;
    private readonly LogWriter _writer;
    private readonly Checkpointer _checkpointer;
    private readonly WaitCondition _noUpdates;
    private readonly byte[] _record;
    private Transaction _transaction = null!;

    public Commit(
        Jbd2Journal journal, BufferCache cache, JournalDevice device, SuperBlockWriter superBlock, LogRing ring, Checkpointer checkpointer)
    {
        _journal = journal;
        _cache = cache;
        _device = device;
        _superBlock = superBlock;
        _ring = ring;
        _checkpointer = checkpointer;
        _writer = new LogWriter(cache.Machine, cache.Device, ring);
        _record = cache.Machine.TakeBytes(cache.BlockSizeBytes);
        _noUpdates = new WaitCondition(
            cache.Machine, WaitKind.Handle, "open handles to stop", () => _transaction.UpdateCount == 0, SharedState.Journal);
    }

    public async ValueTask RunAsync(Transaction transaction)
    {
        _transaction = transaction;
        if (_ring.IsEmptyOnDisk || _checkpointer.Lock.IsHeld) // who holds it may be marking the log empty
            await NameTailAsync();
        TouchAll();
        transaction.State = TransactionState.Locked;
        await _noUpdates.WaitAsync();
        _checkpointer.DropHome();
        Switch();
        if (!_journal.IsAborted)
            await WriteAsync(transaction);
        await FinishAsync();
    }

    private async ValueTask WriteAsync(Transaction transaction)
    {
        await SubmitDataAsync();
        TouchAll();
        _writer.Write(transaction);
        transaction.ReservedBlocks = 1;
        await WaitForDataAsync();
        (TransactionId tail, uint tailBlock) = _checkpointer.OldestNeeded(); // homes that completed by now are covered by the flush
        Check(await _writer.WaitAsync());
        if (!_journal.IsAborted)
            await WriteRecordAsync();
        if (!_journal.IsAborted && tail > _ring.TailTransaction && _ring.FreedBy(tailBlock) >= _journal.MostTransactionBlocks)
            await MoveTailAsync(tail, tailBlock);
    }

    private async ValueTask NameTailAsync()
    {
        await _checkpointer.Lock.LockAsync();
        if (_ring.IsEmptyOnDisk && !_journal.IsAborted)
        {
            Check(await _superBlock.WriteTailAsync(_ring.TailTransaction, _ring.Tail, isDurable: false)); // (5)
            _ring.IsEmptyOnDisk = false;
        }

        _checkpointer.Lock.Unlock();
    }

    private void Switch()
    {
        foreach (JournalHead head in _transaction.Joined)
        {
            if (head.InRunning is MembershipState.Metadata or MembershipState.Forgotten)
                head.InCommitting = head.InRunning;
            head.InRunning = MembershipState.None;
            head.IsListed = false;
            if (head.InCommitting == MembershipState.None)
                head.Buffer.Release();
        }

        _transaction.LogStart = _ring.Head;
        _transaction.ReservedBlocks = LogWriter.BlocksFor(_ring.Format, _transaction.Changed.Count, _transaction.RevokedCount);
        _transaction.State = TransactionState.Writing;
        _journal.SwitchRunning();
    }

    private async ValueTask SubmitDataAsync()
    {
        for (int i = 0; i < _transaction.Ordered.Count; i++)
        {
            OrderedRange range = _transaction.Ordered[i];
            await range.File.SubmitOrderedAsync(range.BeginBytes, range.LengthBytes);
        }
    }

    private async ValueTask WaitForDataAsync()
    {
        for (int i = 0; i < _transaction.Ordered.Count; i++)
        {
            OrderedRange range = _transaction.Ordered[i];
            await range.File.WaitForOrderedAsync(range.BeginBytes, range.LengthBytes);
        }
    }

    private async ValueTask WriteRecordAsync()
    {
        TouchAll();
        _transaction.State = TransactionState.Recording;
        uint block = _ring.Take();
        _transaction.ReservedBlocks = 0;
        _writer.ComposeCommit(_record, _transaction.Id, _cache.Machine.Clock.NowNanoseconds);
        Errno error = await _device.FlushAsync(); // (2)
        if (error == Errno.None)
            error = await _device.WriteAsync(_ring.Format.Geometry.OffsetBytes(block), _record, isDurable: true);
        Check(error);
    }

    private async ValueTask MoveTailAsync(TransactionId tail, uint block)
    {
        await _checkpointer.Lock.LockAsync();
        Check(await _checkpointer.MoveTailAsync(tail, block));
        _checkpointer.Lock.Unlock();
    }

    private async ValueTask FinishAsync()
    {
        bool isDurable = !_journal.IsAborted;
        foreach (JournalHead head in _transaction.Joined)
        {
            if (head.InCommitting == MembershipState.Forgotten && isDurable)
                await head.Buffer.WaitForWriteAsync(); // (4)
        }

        TouchAll();
        foreach (JournalHead head in _transaction.Joined)
            Leave(head, isDurable);
        if (isDurable)
        {
            foreach (Action action in _transaction.Actions)
                action();
        }

        _transaction.State = TransactionState.Finished;
        _journal.Finished(_transaction, isDurable);
        _checkpointer.Add(_transaction);
    }

    private void Leave(JournalHead head, bool isDurable)
    {
        MembershipState state = head.InCommitting;
        head.InCommitting = MembershipState.None;
        head.IsCaptured = false;
        head.DropFrozen();
        if (state == MembershipState.None || !isDurable) // (6)
            return;
        _checkpointer.Remove(head);
        if (state == MembershipState.Metadata)
            _transaction.AddCheckpoint(head);
        if (head.InRunning != MembershipState.None)
            return;
        if (state == MembershipState.Forgotten)
            _cache.Forget(head.Buffer.Block);
        else
            head.Buffer.Release(); // (3)
    }

    /// <summary>What a commit does between two waits touches all that transactions are about.</summary>
    private void TouchAll()
    {
        _cache.Machine.Touch(SharedState.Journal, AccessKind.Write);
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Write);
    }

    private void Check(Errno error)
    {
        if (error != Errno.None)
            _journal.Abort(error);
    }
}
