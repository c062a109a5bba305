using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Durability;

/// <summary>A call of a run, with all that is needed to make it again, and when it was made, returned and was acknowledged.</summary>
public sealed class RecordedCall
{
    internal RecordedCall(int id, OperationCall operation, Moment called) => (Id, Operation, Called) = (id, operation, called);

    /// <summary>The call's number; the provenance of the bytes that it writes carries it.</summary>
    public int Id { get; }

    /// <summary>The call. What it writes is a copy of its own.</summary>
    public OperationCall Operation { get; internal set; }

    /// <summary>When it was made.</summary>
    public Moment Called { get; }

    /// <summary>When it returned to its caller.</summary>
    public Moment Returned { get; internal set; } = Moment.Never;

    /// <summary>When the caller could know that it is done, or has failed.</summary>
    public Moment Acknowledged { get; internal set; } = Moment.Never;

    /// <summary>
    /// Of an append: whether its offset is known, as <see cref="OperationCall.OffsetBytes"/>; before that it changes nothing.
    /// </summary>
    public bool IsPlaced { get; internal set; }

    /// <summary>What it returned; of an asynchronous write what its completion said.</summary>
    public long Result { get; internal set; }

    /// <summary>How it failed, if it did.</summary>
    public Errno Error { get; internal set; }

    /// <summary>Of a read: what it saw.</summary>
    public ReadOnlyMemory<byte> Seen { get; internal set; }

    /// <summary>Whether the caller knows that it succeeded.</summary>
    public bool IsSuccess => !Acknowledged.IsNever && Error == Errno.None;

    /// <summary>Whether it failed.</summary>
    public bool IsFailure => Error != Errno.None;

    /// <summary>Whether it was acknowledged before <paramref name="other"/> was made, so that the callers have ordered them.</summary>
    public bool IsBefore(RecordedCall other) => Acknowledged.IsBefore(other.Called);

    /// <summary>The call in words.</summary>
    public override string ToString() => CallText.Describe(this);
}
