using ExtShell.Format.Errors;

namespace ExtShell.Engine.Devices;

/// <summary>A bio as the write log keeps it.</summary>
public sealed class LoggedBio
{
    internal LoggedBio(int index, BioOperation operation, bool fua, long offsetBytes, int lengthBytes, ReadOnlyMemory<byte> data,
        Provenance origin, int submittedAt)
    {
        Index = index;
        Operation = operation;
        IsFua = fua;
        OffsetBytes = offsetBytes;
        LengthBytes = lengthBytes;
        Data = data;
        Origin = origin;
        SubmittedAt = submittedAt;
    }

    /// <summary>Its number in the log, in order of submission.</summary>
    public int Index { get; }

    /// <summary>Write, flush or zeroes; reads are not logged.</summary>
    public BioOperation Operation { get; }

    /// <summary>Whether it was durable when it ended.</summary>
    public bool IsFua { get; }

    /// <summary>Where on the device, in bytes.</summary>
    public long OffsetBytes { get; }

    /// <summary>How long, in bytes.</summary>
    public int LengthBytes { get; }

    /// <summary>What it wrote; empty for flushes and zeroes.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>
    /// Whether it is a store to persistent memory: whole lines of 64 bytes with what they hold after it. It ends when its lines are
    /// flushed, and a fence, which is a flush, makes it durable. Stores to a line happen one after the other, ended or not.
    /// </summary>
    public bool IsStore { get; internal init; }

    /// <summary>Where the bytes came from.</summary>
    public Provenance Origin { get; }

    /// <summary>The log's position at which it was submitted.</summary>
    public int SubmittedAt { get; }

    /// <summary>The log's position at which it ended; <see cref="int.MaxValue"/> while in flight.</summary>
    public int CompletedAt { get; internal set; } = int.MaxValue;

    /// <summary>How it ended: a failed write may have reached the medium or not.</summary>
    public Errno Error { get; internal set; }

    /// <summary>Whether it is between submission and end at that position of the log (positions count events before it).</summary>
    public bool IsInFlightAt(int position) => SubmittedAt < position && CompletedAt >= position;
}
