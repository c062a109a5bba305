using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Journal;

/// <summary>A transaction, from its first handle until all its blocks are home. It is used again after that.</summary>
internal sealed class Transaction
{
    private readonly HashSet<long> _revoked = [];
    private readonly List<OrderedRange> _ordered = [];
    private readonly Dictionary<IOrderedData, int> _orderedIndex = new(ReferenceEqualityComparer.Instance);

    public TransactionId Id { get; private set; }

    public TransactionState State { get; set; }

    /// <summary>Whether someone wants it committed.</summary>
    public bool IsCommitRequested { get; set; }

    /// <summary>Whether a handle found no room in it.</summary>
    public bool IsFull { get; set; }

    /// <summary>Open handles.</summary>
    public int UpdateCount { get; set; }

    /// <summary>Blocks that were changed, and those that open handles may still change.</summary>
    public int CreditsBlocks { get; set; }

    /// <summary>Every buffer that joined.</summary>
    public List<JournalHead> Joined { get; } = [];

    /// <summary>The buffers that were changed, in order of their first change, which is the log's order.</summary>
    public List<JournalHead> Changed { get; } = [];

    /// <summary>The buffers whose copies in the log are still needed, in no order that matters.</summary>
    public List<JournalHead> CheckpointHeads { get; } = [];

    public List<Action> Actions { get; } = [];

    public List<OrderedRange> Ordered => _ordered;

    public int RevokedCount => _revoked.Count;

    /// <summary>The block of the journal where its first record is, once it has begun to be written.</summary>
    public uint LogStart { get; set; }

    /// <summary>Blocks of the log that it may still take.</summary>
    public int ReservedBlocks { get; set; }

    /// <summary>Is ready once the transaction is finished.</summary>
    public TransactionWait Finished { get; private set; } = null!;

    public void Begin(Machine machine, Jbd2Journal journal, TransactionId id)
    {
        InvariantException.Require(CheckpointHeads.Count == 0, "a transaction is used again once all is home");
        Id = id;
        State = TransactionState.Running;
        IsCommitRequested = IsFull = false;
        UpdateCount = CreditsBlocks = ReservedBlocks = 0;
        Joined.Clear();
        Changed.Clear();
        Actions.Clear();
        _revoked.Clear();
        _ordered.Clear();
        _orderedIndex.Clear();
        Finished = new TransactionWait(machine, journal, id);
    }

    public void AddRevoked(long block) => _revoked.Add(block);

    public void CancelRevoked(long block)
    {
        if (_revoked.Count > 0)
            _revoked.Remove(block);
    }

    /// <summary>The revoked blocks in order, so that equal runs write equal logs.</summary>
    public void CopyRevoked(List<long> into)
    {
        into.Clear();
        into.AddRange(_revoked);
        into.Sort();
    }

    public void AddOrdered(IOrderedData file, long offsetBytes, long lengthBytes)
    {
        long end = lengthBytes > long.MaxValue - offsetBytes ? long.MaxValue : offsetBytes + lengthBytes;
        if (!_orderedIndex.TryGetValue(file, out int index))
        {
            _orderedIndex.Add(file, _ordered.Count);
            _ordered.Add(new OrderedRange(file, offsetBytes, end));
            return;
        }

        OrderedRange known = _ordered[index];
        _ordered[index] = new OrderedRange(file, Math.Min(known.BeginBytes, offsetBytes), Math.Max(known.EndBytes, end));
    }

    public void AddCheckpoint(JournalHead head)
    {
        head.Checkpoint = this;
        head.CheckpointIndex = CheckpointHeads.Count;
        CheckpointHeads.Add(head);
    }

    public void RemoveCheckpoint(JournalHead head)
    {
        JournalHead last = CheckpointHeads[^1];
        CheckpointHeads[head.CheckpointIndex] = last;
        last.CheckpointIndex = head.CheckpointIndex;
        CheckpointHeads.RemoveAt(CheckpointHeads.Count - 1);
        head.Checkpoint = null;
    }
}
