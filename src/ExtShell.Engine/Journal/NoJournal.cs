using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Journal;

/// <summary>
/// The twin without a log: a change makes its block dirty at once, and a commit writes home what is dirty and flushes the device. A crash
/// shows any part of what was written since.
/// </summary>
/// <remarks>
/// (1) A commit covers the handles that began before it, and closes their number, so that a later fsync of theirs has nothing to do.
/// (2) What is freed may be used again as soon as its handle stops, but not while a write of the old content is in flight.
/// </remarks>
public sealed class NoJournal : IJournal
{
    private readonly BufferCache _cache;
    private readonly HandleTable _handles;
    private readonly List<Action> _actions = [];
    private readonly List<Buffer> _freed = [];
    private readonly bool _sendsBarriers;
    private TransactionId _committed = new(0);

    /// <summary>Makes it.</summary>
    /// <param name="cache">The volume's metadata.</param>
    /// <param name="sendsBarriers">Whether a commit flushes a device that has a volatile cache.</param>
    public NoJournal(BufferCache cache, bool sendsBarriers = true)
    {
        _cache = cache;
        _sendsBarriers = sendsBarriers && cache.Device.Traits.HasVolatileCache;
        _handles = new HandleTable(this);
    }

    /// <inheritdoc/>
    public TransactionId RunningTransaction { get; private set; } = new(1);

    /// <inheritdoc/>
    public int MaxCredits => int.MaxValue;

    /// <inheritdoc/>
    public bool IsAborted { get; private set; }

    /// <summary>The handle that the current thread has open, if it has.</summary>
    public Handle? CurrentHandle => _handles.Find(_cache.Machine.Current);

    /// <inheritdoc/>
    public ValueTask<Handle> StartAsync(int creditsBlocks, string what)
    {
        if (IsAborted)
            throw new FileSystemException(Errno.EROFS, what, "the volume was stopped by an error");
        _cache.Machine.Touch(SharedState.Journal, AccessKind.Read);
        if (CurrentHandle is not { } handle)
            return new ValueTask<Handle>(_handles.Open(_cache.Machine.Current, RunningTransaction, creditsBlocks, what));
        handle.NestingCount++;
        return new ValueTask<Handle>(handle);
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(TransactionId upTo)
    {
        if (IsCommitted(upTo))
            return;
        TransactionId covered = RunningTransaction;
        RunningTransaction = covered.Next; // (1)
        await _cache.WriteBackAsync();
        if (_sendsBarriers)
        {
            Bio flush = new Bio(_cache.Machine).SetFlush();
            _cache.Device.Submit(flush);
            await flush.WaitAsync();
            flush.ThrowIfFailed("flush the volume");
        }

        _cache.Machine.Touch(SharedState.Journal, AccessKind.Write);
        if (covered > _committed)
            _committed = covered;
    }

    /// <inheritdoc/>
    public bool IsCommitted(TransactionId id)
    {
        _cache.Machine.Touch(SharedState.Journal, AccessKind.Read);
        return id <= _committed;
    }

    /// <inheritdoc/>
    public bool WillSendBarrier(TransactionId id) => _sendsBarriers && !IsCommitted(id);

    /// <inheritdoc/>
    public ValueTask FlushAsync() => CommitAsync(RunningTransaction);

    /// <inheritdoc/>
    public ValueTask CloseAsync() => IsAborted ? default : FlushAsync();

    /// <inheritdoc/>
    public void Abort(Errno errno) => IsAborted = true;

    Span<byte> IJournal.GetWriteAccess(Handle handle, Buffer buffer, bool isNew)
    {
        if (isNew)
            buffer.SetZeroes();
        return buffer.GetContentForWriting();
    }

    void IJournal.Dirty(Handle handle, Buffer buffer) => buffer.MarkDirty();

    void IJournal.Revoke(Handle handle, long block) => Forget(block);

    void IJournal.Forget(Handle handle, long block) => Forget(block);

    private void Forget(long block)
    {
        if (_cache.Find(block) is not { } buffer)
            return;
        _cache.Forget(block);
        if (buffer.IsInFlight)
            _freed.Add(buffer);
    }

    void IJournal.AddOrderedData(Handle handle, IOrderedData file, long offsetBytes, long lengthBytes)
    {
    }

    void IJournal.OnCommitted(Handle handle, Action action) => _actions.Add(action);

    bool IJournal.TryExtend(Handle handle, int credits)
    {
        handle.CreditsLeft += credits;
        return true;
    }

    async ValueTask IJournal.RestartAsync(Handle handle, int credits)
    {
        await EndAsync();
        handle.Transaction = RunningTransaction;
        handle.CreditsLeft = credits;
    }

    async ValueTask IJournal.StopAsync(Handle handle)
    {
        if (--handle.NestingCount > 0)
            return;
        TransactionId transaction = handle.Transaction;
        bool isSync = handle.IsSync;
        _handles.Close(handle);
        await EndAsync();
        if (isSync)
            await CommitAsync(transaction);
    }

    private async ValueTask EndAsync()
    {
        while (_freed.Count > 0) // (2)
        {
            Buffer buffer = _freed[^1];
            _freed.RemoveAt(_freed.Count - 1);
            await buffer.WaitForWriteAsync();
        }

        for (int i = 0; i < _actions.Count; i++)
            _actions[i]();
        _actions.Clear();
    }
}
