using ExtShell.Format.Errors;

namespace ExtShell.Engine.Journal;

/// <summary>
/// What makes several changes of metadata one: a crash shows all of a transaction or nothing of it. There are two: jbd2's,
/// and <see cref="NoJournal"/>, which promises no such thing and is called the same way.
/// </summary>
public interface IJournal
{
    /// <summary>The transaction that a handle would join now.</summary>
    TransactionId RunningTransaction { get; }

    /// <summary>The most credits that one handle can ask.</summary>
    int MaxCredits { get; }

    /// <summary>Whether an error stopped the journal: nothing commits any more.</summary>
    bool IsAborted { get; }

    /// <summary>
    /// Starts a handle with room for so many changed blocks; may wait for a commit, or for space in the log. Within another handle of the
    /// same thread it joins that one, whatever it asks.
    /// </summary>
    /// <param name="creditsBlocks">How many blocks it will change at most.</param>
    /// <param name="what">What for, in traces.</param>
    /// <exception cref="FileSystemException">EROFS: aborted. ENOSPC: no transaction of this journal has so much room.</exception>
    ValueTask<Handle> StartAsync(int creditsBlocks, string what);

    /// <summary>Returns when the transaction is durable; starts its commit if nobody has. Not within a handle.</summary>
    /// <exception cref="FileSystemException">EIO: the journal was aborted.</exception>
    ValueTask CommitAsync(TransactionId upTo);

    /// <summary>Whether the transaction is durable.</summary>
    bool IsCommitted(TransactionId id);

    /// <summary>
    /// Whether the transaction's commit is still to flush the device, so that a file's data that is on the device now will be durable with
    /// it.
    /// </summary>
    bool WillSendBarrier(TransactionId id);

    /// <summary>Commits and checkpoints everything and marks the log empty (freeze, remount read-only, unmount).</summary>
    /// <exception cref="FileSystemException">EIO: the journal was aborted.</exception>
    ValueTask FlushAsync();

    /// <summary>Flushes, if it can, and ends the commit thread: the volume is being unmounted.</summary>
    ValueTask CloseAsync();

    /// <summary>Stops the journal: nothing commits any more, and handles cannot be started.</summary>
    /// <param name="errno">Recorded in the journal's superblock.</param>
    void Abort(Errno errno);

    internal Span<byte> GetWriteAccess(Handle handle, Buffer buffer, bool isNew);

    internal void Dirty(Handle handle, Buffer buffer);

    internal void Revoke(Handle handle, long block);

    internal void Forget(Handle handle, long block);

    internal void AddOrderedData(Handle handle, IOrderedData file, long offsetBytes, long lengthBytes);

    internal void OnCommitted(Handle handle, Action action);

    internal bool TryExtend(Handle handle, int credits);

    internal ValueTask RestartAsync(Handle handle, int credits);

    internal ValueTask StopAsync(Handle handle);
}
