using ExtShell.Format.Errors;

namespace ExtShell.Engine.Journal;

/// <summary>
/// The log as a ring, in memory: from the tail, which the superblock names, to the head, where the next record goes. The superblock's tail
/// may be older than what is needed, never newer.
/// </summary>
internal sealed class LogRing
{
    public LogRing(LogFormat format, uint head, TransactionId next)
    {
        Format = format;
        Head = Tail = head;
        TailTransaction = next;
        FreeBlocks = (int)format.LogLengthBlocks;
    }

    public LogFormat Format { get; }

    public uint Head { get; private set; }

    public uint Tail { get; private set; }

    /// <summary>The transaction that begins at the tail.</summary>
    public TransactionId TailTransaction { get; private set; }

    public int FreeBlocks { get; private set; }

    /// <summary>Whether the superblock says that the log is empty: it must name the tail before the first record is written.</summary>
    public bool IsEmptyOnDisk { get; set; } = true;

    /// <summary>The next block of the log.</summary>
    public uint Take()
    {
        InvariantException.Require(FreeBlocks > 1, "a transaction has room in the log before it is written");
        uint block = Head;
        Head = Format.Advance(Head, 1);
        FreeBlocks--;
        return block;
    }

    /// <summary>How many blocks a tail there would free.</summary>
    public int FreedBy(uint tail) => (int)Format.Distance(Tail, tail);

    /// <summary>What was before is not needed any more, and the superblock says so.</summary>
    public void MoveTail(TransactionId transaction, uint block)
    {
        FreeBlocks += FreedBy(block);
        Tail = block;
        TailTransaction = transaction;
    }

    /// <summary>Nothing is needed any more.</summary>
    public void Empty(TransactionId next)
    {
        Tail = Head;
        TailTransaction = next;
        FreeBlocks = (int)Format.LogLengthBlocks;
        IsEmptyOnDisk = true;
    }
}
