using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Journal;

/// <summary>
/// A thread's part of the running transaction. Between its start and its stop the transaction does not commit, so that what it changes is
/// one with the rest. It must be stopped in every case.
/// </summary>
/// <remarks>
/// (1) Every block is asked for (<see cref="GetWriteAccess"/>, <see cref="GetCreateAccess"/>) before it is changed, and reported
/// (<see cref="Dirty"/>) after it was, with nothing that waits in between. (2) Each block that the handle is the first to change in its
/// transaction takes a credit. (3) A handle belongs to the thread that started it.
/// </remarks>
public sealed class Handle
{
    private readonly IJournal _journal;

    internal Handle(IJournal journal) => _journal = journal;

    /// <summary>The transaction that it is part of; another one after a restart.</summary>
    public TransactionId Transaction { get; internal set; }

    /// <summary>How many more blocks it may be the first to change.</summary>
    public int CreditsLeft { get; internal set; }

    /// <summary>Set to have <see cref="StopAsync"/> return when the transaction is durable.</summary>
    public bool IsSync { get; set; }

    /// <summary>What it is for, in traces.</summary>
    public string What { get; internal set; } = "";

    internal SimulatedThread? Thread { get; set; }

    internal int NestingCount { get; set; }

    /// <summary>The whole block, for changing.</summary>
    public Span<byte> GetWriteAccess(Buffer buffer) => Open.GetWriteAccess(this, buffer, isNew: false);

    /// <summary>The whole block of a block that was just allocated: zeroes, nothing is read.</summary>
    public Span<byte> GetCreateAccess(Buffer buffer) => Open.GetWriteAccess(this, buffer, isNew: true);

    /// <summary>Reports a change, after the structure's owner stored its checksum.</summary>
    public void Dirty(Buffer buffer) => Open.Dirty(this, buffer);

    /// <summary>
    /// Blocks of metadata were freed: they are forgotten, and older transactions' copies of them are not replayed once this one committed.
    /// </summary>
    public void Revoke(long block, int count)
    {
        for (int i = 0; i < count; i++)
            Open.Revoke(this, block + i);
    }

    /// <summary>
    /// Blocks of journalled data were freed: they are forgotten. Older transactions' copies of them may be replayed; what the blocks hold
    /// next is in a later one.
    /// </summary>
    public void Forget(long block, int count)
    {
        for (int i = 0; i < count; i++)
            Open.Forget(this, block + i);
    }

    /// <summary>The file's data in the range must be on the device before the transaction commits.</summary>
    public void AddOrderedData(IOrderedData file, long offsetBytes = 0, long lengthBytes = long.MaxValue) =>
        Open.AddOrderedData(this, file, offsetBytes, lengthBytes);

    /// <summary>
    /// Has an action run when the transaction is durable (blocks that it freed may be used again), on the commit thread. It must not wait.
    /// </summary>
    public void OnCommitted(Action action) => Open.OnCommitted(this, action);

    /// <summary>Asks for more credits; false if the transaction has no room: restart then.</summary>
    public bool TryExtend(int credits) => Open.TryExtend(this, credits);

    /// <summary>
    /// Ends this part of the work and goes on in a transaction that has room: what was changed so far may become durable without the rest.
    /// </summary>
    public ValueTask RestartAsync(int credits) => Open.RestartAsync(this, credits);

    /// <summary>Ends the handle; a nested one only once its outermost start is stopped.</summary>
    /// <exception cref="FileSystemException">EIO: it is <see cref="IsSync"/>, and the journal was aborted.</exception>
    public ValueTask StopAsync() => Open.StopAsync(this);

    /// <inheritdoc/>
    public override string ToString() => $"handle of transaction {Transaction} for {What}";

    private IJournal Open
    {
        get
        {
            InvariantException.Require(NestingCount > 0, "a handle is used between its start and its stop");
            return _journal;
        }
    }
}
