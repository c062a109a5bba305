using System.Buffers;

namespace ExtShell.Engine.Journal;

/// <summary>
/// What the journal keeps about a buffer. There is at most one running and one committing transaction, so a place for each is enough.
/// </summary>
internal sealed class JournalHead(Buffer buffer)
{
    public Buffer Buffer { get; } = buffer;

    public MembershipState InRunning { get; set; }

    public MembershipState InCommitting { get; set; }

    /// <summary>Whether the running transaction's list of changed buffers has it.</summary>
    public bool IsListed { get; set; }

    /// <summary>Whether the committing transaction has taken its copy, so that changes cannot reach the log any more.</summary>
    public bool IsCaptured { get; set; }

    /// <summary>The content as the committing transaction is to log it, where the running one was let at the buffer before that.</summary>
    public byte[]? Frozen { get; private set; }

    /// <summary>The committed transaction whose copy in the log is needed until the buffer is home.</summary>
    public Transaction? Checkpoint { get; set; }

    /// <summary>The place in that transaction's list.</summary>
    public int CheckpointIndex { get; set; }

    public bool IsInTransaction => InRunning != MembershipState.None || InCommitting != MembershipState.None;

    /// <summary>Whether its home has the newest content, so that the log need not keep a copy.</summary>
    public bool IsHome => !IsInTransaction && !Buffer.IsDirty && !Buffer.IsInFlight;

    public static JournalHead Of(Buffer buffer)
    {
        if (buffer.Attachment is JournalHead head)
            return head;
        head = new JournalHead(buffer);
        buffer.Attachment = head;
        return head;
    }

    /// <summary>What the log gets.</summary>
    public ReadOnlySpan<byte> ContentToLog => Frozen is null ? Buffer.Content : Frozen.AsSpan(0, Buffer.SizeBytes);

    public void Freeze()
    {
        Frozen = ArrayPool<byte>.Shared.Rent(Buffer.SizeBytes);
        Buffer.Content.CopyTo(Frozen.AsSpan());
    }

    public void DropFrozen()
    {
        if (Frozen is not null)
            ArrayPool<byte>.Shared.Return(Frozen);
        Frozen = null;
    }
}
