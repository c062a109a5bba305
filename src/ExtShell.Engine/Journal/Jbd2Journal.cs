using ExtShell.Engine.Caching;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Format.Journal;

namespace ExtShell.Engine.Journal;

/// <summary>
/// The journal of ext3 and ext4, as jbd2 writes it: a ring of blocks that holds copies of metadata until they are at home.
/// </summary>
/// <remarks>
/// One transaction runs, at most one commits (<see cref="Commit"/>, on a thread of its own), older ones wait until their blocks are home
/// (<see cref="Checkpointer"/>). <see cref="LogWriter"/> says what the log looks like.
/// (1) A handle joins the running transaction only if all its credits fit, and a transaction begins only while the log has room for the
/// largest one beside the one that commits: so nothing that a handle began can fail for lack of log space.
/// (2) A transaction commits only while no handle of it is open.
/// (3) A buffer is let into the running transaction in the state that the committing one is to log: if that is not captured yet it is
/// frozen first.
/// (4) What a transaction has let in is held back from its home until it is in no transaction.
/// </remarks>
public sealed partial class Jbd2Journal : IJournal
{
    private readonly BufferCache _cache;
    private readonly JournalDevice _device;
    private readonly LogRing _ring;
    private readonly SuperBlockWriter _superBlock;
    private readonly Checkpointer _checkpointer;
    private readonly Commit _commit;
    private readonly HandleTable _handles;
    private readonly Stack<Transaction> _spare = [];
    private readonly WaitCondition _canJoin;
    private readonly WaitCondition _hasWork;
    private readonly WaitCondition _threadEnded;
    private readonly SimulatedThread _thread;
    private readonly int _slackBlocks;
    private readonly bool _ordersData;
    private TransactionId _next;
    private TransactionId _committed;
    private Transaction? _running;
    private Errno _abortError;
    private bool _mustRecordError;
    private bool _isClosing;

    private Jbd2Journal(BufferCache cache, LogFormat format, JournalOptions options)
    {
        _cache = cache;
        _handles = new HandleTable(this);
        JournalSuperBlock superBlock = format.SuperBlock;
        _next = new TransactionId(superBlock.Sequence).Next;
        _committed = _next.Previous;
        uint head = superBlock.Head;
        _ring = new LogRing(format, head >= format.First && head < format.Last ? head : format.First, _next);
        MostTransactionBlocks = (int)Math.Min(format.LogLengthBlocks / 4, int.MaxValue / 2);
        MaxCredits = MostTransactionBlocks;
        while (LogWriter.BlocksFor(format, MaxCredits, 0) > MostTransactionBlocks)
            MaxCredits--;
        _ordersData = options.OrdersData;
        _slackBlocks = Math.Min(32, (int)format.LogLengthBlocks / 16);
        _device = new JournalDevice(cache.Machine, cache.Device, options);
        var otherDevice = new JournalDevice(cache.Machine, cache.Device, options);
        ReadOnlySpan<byte> block = cache.Device.Content.Read(format.Geometry.OffsetBytes(0), cache.BlockSizeBytes);
        _superBlock = new SuperBlockWriter(cache.Machine, new JournalDevice(cache.Machine, cache.Device, options), _ring, block);
        _checkpointer = new Checkpointer(this, cache, otherDevice, _superBlock, _ring);
        _commit = new Commit(this, cache, _device, _superBlock, _ring, _checkpointer);
        _canJoin = new WaitCondition(cache.Machine, WaitKind.Handle, "a transaction with room",
            () => IsAborted || _running is not { State: TransactionState.Locked } and not { IsFull: true }, SharedState.Journal);
        _hasWork = new WaitCondition(cache.Machine, WaitKind.Event, "a commit to be asked for",
            () => _running is { IsCommitRequested: true } || _mustRecordError || _isClosing, SharedState.CommitRequests);
        _thread = cache.Machine.Spawn("journal", RunThreadAsync, ExecutionContextKind.Worker);
        _threadEnded = new WaitCondition(cache.Machine, WaitKind.Event, "the commit thread to end", () => _thread.IsDone, _thread);
    }

    /// <inheritdoc/>
    public TransactionId RunningTransaction
    {
        get
        {
            _cache.Machine.Touch(SharedState.Journal, AccessKind.Read);
            return _running?.Id ?? _next;
        }
    }

    /// <inheritdoc/>
    public int MaxCredits { get; }

    /// <inheritdoc/>
    public bool IsAborted => _abortError != Errno.None;

    /// <summary>The handle that the current thread has open, if it has.</summary>
    public Handle? CurrentHandle => _handles.Find(_cache.Machine.Current);

    /// <summary>How many transactions this mount committed.</summary>
    public int CommitCount { get; private set; }

    internal int MostTransactionBlocks { get; }

    internal Transaction? Committing { get; private set; }

    /// <summary>Opens the journal of a volume that needs no recovery, and starts its commit thread. Nothing is written yet.</summary>
    /// <param name="cache">The volume's metadata.</param>
    /// <param name="geometry">Where the journal is.</param>
    /// <param name="options">How to use it.</param>
    /// <exception cref="CorruptionException">Its superblock says what cannot be.</exception>
    /// <exception cref="FileSystemException">EOPNOTSUPP: an unknown feature, or a journal of version 1. EINVAL: it is too
    /// small.</exception>
    public static Jbd2Journal Open(BufferCache cache, JournalGeometry geometry, JournalOptions options)
    {
        LogFormat format = LogFormat.Read(cache.Device.Content, geometry);
        InvariantException.Require(format.SuperBlock.Start == 0, "a journal is recovered before it is opened");
        if (format.SuperBlock.Header.BlockType == JournalBlockType.SuperBlockV1)
            throw new FileSystemException(Errno.EOPNOTSUPP, "open the journal", "version 1 has no features and is read only");
        SetFeatures(format, options);
        if (format.LogLengthBlocks / 4 < LogWriter.BlocksFor(format, copies: 1, revoked: 0))
            throw new FileSystemException(
                Errno.EINVAL, "open the journal", $"a log of {format.LogLengthBlocks} blocks has no room for a transaction");
        return new Jbd2Journal(cache, format, options);
    }

    /// <inheritdoc/>
    public bool IsCommitted(TransactionId id)
    {
        _cache.Machine.Touch(SharedState.Journal, AccessKind.Read);
        return id <= _committed;
    }

    /// <inheritdoc/>
    public bool WillSendBarrier(TransactionId id)
    {
        if (!_device.SendsBarriers || IsCommitted(id) || IsAborted)
            return false;
        if (_running is { } running && running.Id == id)
            return true;
        return Committing is { } committing && committing.Id == id && committing.State < TransactionState.Recording;
    }

    /// <summary>Starts the commit of a transaction if it is the running one, without waiting. Legal within a handle.</summary>
    public void RequestCommit(TransactionId upTo)
    {
        _cache.Machine.Touch(SharedState.Journal, AccessKind.Read);
        if (_running is not { } running || running.Id > upTo)
            return;
        _cache.Machine.Touch(SharedState.CommitRequests, AccessKind.Write);
        running.IsCommitRequested = true;
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(TransactionId upTo)
    {
        InvariantException.Require(CurrentHandle is null, "nobody waits for a commit with a handle open");
        RequestCommit(upTo);
        TransactionWait? wait = _running is { } running && running.Id <= upTo ? running.Finished : Committing?.Finished;
        if (!IsCommitted(upTo) && wait is not null)
            await wait.WaitAsync();
        if (IsAborted)
            throw new FileSystemException(Errno.EIO, "commit", $"the journal was stopped by {_abortError}");
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync() => EmptyAsync(closes: false);

    /// <inheritdoc/>
    public async ValueTask CloseAsync()
    {
        if (!IsAborted)
            await EmptyAsync(closes: true);
        _cache.Machine.Touch(SharedState.CommitRequests, AccessKind.Write);
        _isClosing = true;
        await _threadEnded.WaitAsync();
    }

    /// <inheritdoc/>
    public void Abort(Errno errno)
    {
        if (IsAborted)
            return;
        _cache.Machine.Touch(SharedState.Journal, AccessKind.Write);
        _cache.Machine.Touch(SharedState.CommitRequests, AccessKind.Write);
        _abortError = errno;
        _mustRecordError = true;
    }

    /// <summary>A finished transaction gives way; who waits for it goes on.</summary>
    internal void Finished(Transaction transaction, bool isDurable)
    {
        _cache.Machine.Touch(SharedState.Journal, AccessKind.Write);
        Committing = null;
        if (!isDurable)
            return;
        _committed = transaction.Id;
        CommitCount++;
    }

    /// <summary>The running transaction commits from now on, and another may run.</summary>
    internal void SwitchRunning()
    {
        _cache.Machine.Touch(SharedState.Journal, AccessKind.Write);
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Write);
        Committing = _running;
        _running = null;
    }

    /// <summary>A transaction has nothing left in the log.</summary>
    internal void Recycle(Transaction transaction)
    {
        if (transaction != Committing)
            _spare.Push(transaction);
    }

    /// <summary>Waits until the transaction that has the buffer committed.</summary>
    internal async ValueTask CommitHolderAsync(JournalHead head)
    {
        Transaction? holder = head.InRunning != MembershipState.None ? _running : Committing;
        if (holder is null)
            return;
        _cache.Machine.Touch(SharedState.CommitRequests, AccessKind.Write);
        holder.IsCommitRequested = true;
        await holder.Finished.WaitAsync();
    }

    private static void SetFeatures(LogFormat format, JournalOptions options)
    {
        const JournalIncompatibleFeatures sums = JournalIncompatibleFeatures.ChecksumV2 | JournalIncompatibleFeatures.ChecksumV3;
        JournalIncompatibleFeatures on = options.Checksum switch
        {
            JournalChecksum.Version3 => JournalIncompatibleFeatures.ChecksumV3,
            JournalChecksum.Version2 => JournalIncompatibleFeatures.ChecksumV2,
            _ => JournalIncompatibleFeatures.None,
        };
        if (options.Uses64Bit)
            on |= JournalIncompatibleFeatures.Bits64;
        format.SetFeatures(on, (sums | JournalIncompatibleFeatures.AsyncCommit) & ~on, dropsChecksumV1: true);
    }

    private async ValueTask RunThreadAsync()
    {
        while (true)
        {
            await _hasWork.WaitAsync();
            if (_mustRecordError)
            {
                _mustRecordError = false;
                await _superBlock.WriteErrorAsync(_abortError);
            }
            else if (_running is { IsCommitRequested: true } running)
            {
                await _commit.RunAsync(running);
            }
            else
            {
                return;
            }
        }
    }

    private async ValueTask EmptyAsync(bool closes)
    {
        InvariantException.Require(CurrentHandle is null, "nobody empties the log with a handle open");
        await _checkpointer.Lock.LockAsync();
        while (!IsAborted && !IsEmpty)
        {
            if (Committing is not null || _running is not null)
            {
                _checkpointer.Lock.Unlock();
                await CommitAsync(RunningTransaction);
                await _checkpointer.Lock.LockAsync();
            }
            else
            {
                await _checkpointer.CheckpointOldestAsync();
            }
        }

        if (!IsAborted && !_ring.IsEmptyOnDisk)
            await MarkEmptyAsync(closes);
        _checkpointer.Lock.Unlock();
        if (IsAborted)
            throw new FileSystemException(Errno.EIO, "empty the log", $"the journal was stopped by {_abortError}");
    }

    private bool IsEmpty => _running is null && Committing is null && _checkpointer.IsEmpty;

    private async ValueTask MarkEmptyAsync(bool closes)
    {
        await _checkpointer.TryMoveTailAsync();
        if (closes && _running is null)
            _next = _next.Next; // as the kernel does at unmount: no record of this mount can count in the next one
        TransactionId next = RunningTransaction; // a handle may start meanwhile; its commit waits for the lock
        Errno error = await _superBlock.WriteEmptyAsync(next);
        if (error != Errno.None)
            Abort(error);
        else
            _ring.Empty(next);
    }
}
