using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Format.Journal;

namespace ExtShell.Engine.Journal;

/// <content>Starting, extending and stopping handles, and what handles do with buffers.</content>
public sealed partial class Jbd2Journal
{
    /// <inheritdoc/>
    public async ValueTask<Handle> StartAsync(int creditsBlocks, string what)
    {
        if (CurrentHandle is { } outer)
        {
            outer.NestingCount++;
            return outer;
        }

        Transaction transaction = await JoinAsync(creditsBlocks, what);
        return _handles.Open(_cache.Machine.Current, transaction.Id, creditsBlocks, what);
    }

    Span<byte> IJournal.GetWriteAccess(Handle handle, Buffer buffer, bool isNew)
    {
        Transaction running = TransactionOf(handle);
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Write);
        JournalHead head = JournalHead.Of(buffer);
        if (!isNew)
            buffer.GetContentForWriting();
        if (head.InRunning is MembershipState.None or MembershipState.Forgotten)
            LetIn(head, running);
        if (isNew)
            buffer.SetZeroes();
        return buffer.Content;
    }

    void IJournal.Dirty(Handle handle, Buffer buffer)
    {
        Transaction running = TransactionOf(handle);
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Write);
        JournalHead head = JournalHead.Of(buffer);
        InvariantException.Require(
            head.InRunning is MembershipState.Reserved or MembershipState.Metadata, "a handle asks for a block before it changes it");
        buffer.MarkHeldDirty();
        if (head.InRunning == MembershipState.Metadata)
            return;
        if (handle.CreditsLeft <= 0)
            throw new InvariantException($"{handle} has a credit for each block that it is the first to change");
        handle.CreditsLeft--;
        head.InRunning = MembershipState.Metadata;
        if (head.IsListed)
            return;
        head.IsListed = true;
        running.Changed.Add(head);
    }

    void IJournal.Revoke(Handle handle, long block)
    {
        TransactionOf(handle).AddRevoked(block);
        if (!_ring.Format.SuperBlock.Has(JournalIncompatibleFeatures.Revoke))
            _ring.Format.SetFeatures(JournalIncompatibleFeatures.Revoke, JournalIncompatibleFeatures.None, dropsChecksumV1: false);
        Forget(handle, block);
    }

    void IJournal.Forget(Handle handle, long block) => Forget(handle, block);

    private void Forget(Handle handle, long block)
    {
        Transaction running = TransactionOf(handle);
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Write);
        if (_cache.Find(block) is not { } buffer)
            return;
        JournalHead head = JournalHead.Of(buffer);
        if (head.InRunning == MembershipState.None)
        {
            running.Joined.Add(head);
            buffer.HoldBack();
        }
        else if (head.InRunning == MembershipState.Metadata)
        {
            handle.CreditsLeft++;
        }

        head.InRunning = MembershipState.Forgotten;
    }

    void IJournal.AddOrderedData(Handle handle, IOrderedData file, long offsetBytes, long lengthBytes)
    {
        if (!_ordersData)
            return;
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Write);
        TransactionOf(handle).AddOrdered(file, offsetBytes, lengthBytes);
    }

    void IJournal.OnCommitted(Handle handle, Action action)
    {
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Write);
        TransactionOf(handle).Actions.Add(action);
    }

    bool IJournal.TryExtend(Handle handle, int credits)
    {
        Transaction running = TransactionOf(handle);
        _cache.Machine.Touch(SharedState.Journal, AccessKind.Write);
        if (running.State != TransactionState.Running || !HasRoom(running, credits))
            return false;
        running.CreditsBlocks += credits;
        handle.CreditsLeft += credits;
        return true;
    }

    async ValueTask IJournal.RestartAsync(Handle handle, int credits)
    {
        Leave(handle);
        RequestCommit(handle.Transaction);
        Transaction transaction = await JoinAsync(credits, handle.What);
        handle.Transaction = transaction.Id;
        handle.CreditsLeft = credits;
    }

    async ValueTask IJournal.StopAsync(Handle handle)
    {
        if (handle.NestingCount > 1)
        {
            handle.NestingCount--;
            return;
        }

        TransactionId transaction = handle.Transaction;
        bool isSync = handle.IsSync;
        Leave(handle);
        _handles.Close(handle);
        if (isSync)
            await CommitAsync(transaction);
    }

    private async ValueTask<Transaction> JoinAsync(int credits, string what)
    {
        if (credits > MaxCredits)
            throw new FileSystemException(Errno.ENOSPC, what, $"{credits} blocks are more than a transaction of this journal holds");
        while (true)
        {
            _cache.Machine.Touch(SharedState.Journal, AccessKind.Mark); // who must wait has looked, too
            if (IsAborted)
                throw new FileSystemException(Errno.EROFS, what, $"the journal was stopped by {_abortError}");
            if (_running is { State: TransactionState.Locked } or { IsFull: true })
            {
                await _canJoin.WaitAsync();
            }
            else if (!HasLogSpace)
            {
                await MakeLogSpaceAsync(); // (1)
            }
            else
            {
                Transaction running = _running ?? BeginTransaction();
                if (HasRoom(running, credits))
                {
                    running.CreditsBlocks += credits;
                    running.UpdateCount++;
                    return running;
                }

                _cache.Machine.Touch(SharedState.Journal, AccessKind.Write);
                _cache.Machine.Touch(SharedState.CommitRequests, AccessKind.Write);
                running.IsFull = running.IsCommitRequested = true;
            }
        }
    }

    private bool HasRoom(Transaction transaction, int credits) =>
        LogWriter.BlocksFor(_ring.Format, transaction.CreditsBlocks + credits, transaction.RevokedCount) <= MostTransactionBlocks;

    private bool HasLogSpace => _ring.FreeBlocks - (Committing?.ReservedBlocks ?? 0) - _slackBlocks >= MostTransactionBlocks;

    private async ValueTask MakeLogSpaceAsync()
    {
        await _checkpointer.Lock.LockAsync();
        while (!HasLogSpace && !IsAborted)
        {
            if (!_checkpointer.IsEmpty)
            {
                await _checkpointer.CheckpointOldestAsync();
            }
            else if (!await _checkpointer.TryMoveTailAsync() && !IsAborted)
            {
                Transaction holder = Committing ?? throw new InvariantException("a log without transactions has room for one");
                _checkpointer.Lock.Unlock();
                await holder.Finished.WaitAsync();
                await _checkpointer.Lock.LockAsync();
            }
        }

        _checkpointer.Lock.Unlock();
    }

    private Transaction BeginTransaction()
    {
        _running = _spare.Count > 0 ? _spare.Pop() : new Transaction();
        _running.Begin(_cache.Machine, this, _next);
        _next = _next.Next;
        return _running;
    }

    private void Leave(Handle handle)
    {
        Transaction running = TransactionOf(handle);
        _cache.Machine.Touch(SharedState.Journal, AccessKind.Mark);
        running.CreditsBlocks -= handle.CreditsLeft;
        running.UpdateCount--;
        handle.CreditsLeft = 0;
    }

    private Transaction TransactionOf(Handle handle)
    {
        Transaction? running = _running;
        InvariantException.Require(
            running is not null && running.Id == handle.Transaction, "a transaction runs while a handle of it is open"); // (2)
        return running;
    }

    private static void LetIn(JournalHead head, Transaction running)
    {
        if (head.InCommitting == MembershipState.Metadata && !head.IsCaptured && head.Frozen is null)
            head.Freeze(); // (3)
        if (head.InRunning == MembershipState.None)
            running.Joined.Add(head);
        head.InRunning = MembershipState.Reserved;
        running.CancelRevoked(head.Buffer.Block);
        head.Buffer.HoldBack(); // (4)
    }
}
