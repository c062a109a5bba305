using ExtShell.Engine.Caching;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Journal;

/// <summary>
/// Brings committed blocks home, so that the log's space can be used again.
/// </summary>
/// <remarks>
/// (1) Each committed transaction keeps a list of buffers whose newest committed copy is its own. The tail is the oldest transaction whose
/// list is not empty.
/// (2) A buffer that a newer transaction holds cannot go home before that one committed; then it is on that one's list.
/// (3) Before the superblock names a newer tail, the device is flushed: homes that it has completed may still be in its cache.
/// (4) Whoever waits for a commit does so without the lock, since a commit may want it.
/// </remarks>
internal sealed class Checkpointer
{
    private readonly Jbd2Journal _journal;
    private readonly BufferCache _cache;
    private readonly JournalDevice _device;
    private readonly SuperBlockWriter _superBlock;
    private readonly LogRing _ring;
    private readonly List<Transaction> _transactions = [];
    private readonly List<Buffer> _toWrite = [];

    public Checkpointer(Jbd2Journal journal, BufferCache cache, JournalDevice device, SuperBlockWriter superBlock, LogRing ring)
    {
        _journal = journal;
        _cache = cache;
        _device = device;
        _superBlock = superBlock;
        _ring = ring;
        Lock = new SimulatedMutex(cache.Machine, "the journal's checkpoint lock");
    }

    /// <summary>Held while the tail moves.</summary>
    public SimulatedMutex Lock { get; }

    public bool IsEmpty => _transactions.Count == 0;

    /// <summary>Takes over a transaction that committed. Its list may be empty.</summary>
    public void Add(Transaction transaction)
    {
        if (transaction.CheckpointHeads.Count > 0)
            _transactions.Add(transaction);
        else
            _journal.Recycle(transaction);
    }

    /// <summary>The buffer's copy in the log is not needed any more.</summary>
    public void Remove(JournalHead head)
    {
        if (head.Checkpoint is not { } transaction)
            return;
        transaction.RemoveCheckpoint(head);
        if (transaction.CheckpointHeads.Count > 0 || !_transactions.Remove(transaction))
            return;
        _journal.Recycle(transaction);
    }

    /// <summary>Drops what is home already, oldest first, up to the first transaction that still needs its place in the log.</summary>
    public void DropHome()
    {
        while (_transactions.Count > 0)
        {
            Transaction oldest = _transactions[0];
            DropHome(oldest);
            if (_transactions.Count > 0 && _transactions[0] == oldest)
                return;
        }
    }

    /// <summary>Where the log must begin. (1)</summary>
    public (TransactionId Transaction, uint Block) OldestNeeded()
    {
        if (_transactions.Count > 0)
            return (_transactions[0].Id, _transactions[0].LogStart);
        if (_journal.Committing is { } committing)
            return (committing.Id, committing.LogStart);
        return (_journal.RunningTransaction, _ring.Head);
    }

    /// <summary>Moves the superblock's tail to where the log must begin; false if it is there. The caller holds the lock.</summary>
    public async ValueTask<bool> TryMoveTailAsync()
    {
        _cache.Machine.Touch(SharedState.Journal, AccessKind.Write);
        (TransactionId transaction, uint block) = OldestNeeded();
        if (transaction <= _ring.TailTransaction || _journal.IsAborted)
            return false;
        Errno error = await _device.FlushAsync(); // (3)
        if (error == Errno.None)
            error = await MoveTailAsync(transaction, block);
        if (error != Errno.None)
            _journal.Abort(error);
        return error == Errno.None;
    }

    /// <summary>Names a tail whose predecessors are durable at home. The caller holds the lock.</summary>
    public async ValueTask<Errno> MoveTailAsync(TransactionId transaction, uint block)
    {
        if (transaction <= _ring.TailTransaction)
            return Errno.None;
        Errno error = await _superBlock.WriteTailAsync(transaction, block, isDurable: true);
        if (error == Errno.None)
            _ring.MoveTail(transaction, block);
        return error;
    }

    /// <summary>
    /// Brings the oldest transaction's blocks home and moves the tail. The caller holds the lock, and gets it back after waits.
    /// </summary>
    public async ValueTask CheckpointOldestAsync()
    {
        await TryMoveTailAsync();
        while (_transactions.Count > 0 && !_journal.IsAborted)
        {
            Transaction oldest = _transactions[0];
            if (FindHeld(oldest) is { } held)
            {
                Lock.Unlock(); // (4)
                await _journal.CommitHolderAsync(held);
                await Lock.LockAsync();
                continue; // (2)
            }

            await WriteHomeAsync(oldest);
            if (_transactions.Count == 0 || _transactions[0] != oldest)
                break;
        }

        await TryMoveTailAsync();
    }

    private async ValueTask WriteHomeAsync(Transaction transaction)
    {
        _cache.Machine.Touch(SharedState.Journal, AccessKind.Write);
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Write);
        _toWrite.Clear();
        foreach (JournalHead head in transaction.CheckpointHeads)
        {
            if (!head.IsHome)
                _toWrite.Add(head.Buffer);
        }

        try
        {
            await _cache.WriteBackAsync(_toWrite);
        }
        catch (FileSystemException failure)
        {
            _journal.Abort(failure.Errno);
            return;
        }

        DropHome(transaction);
    }

    private void DropHome(Transaction transaction)
    {
        for (int i = transaction.CheckpointHeads.Count - 1; i >= 0; i--)
        {
            if (transaction.CheckpointHeads[i].IsHome)
                Remove(transaction.CheckpointHeads[i]);
        }
    }

    private static JournalHead? FindHeld(Transaction transaction)
    {
        foreach (JournalHead head in transaction.CheckpointHeads)
        {
            if (head.IsInTransaction)
                return head;
        }

        return null;
    }
}
