namespace ExtShell.Lab.Durability;

/// <summary>What a segment of a file may hold, and when.</summary>
internal sealed class ByteVersion
{
    /// <summary>The change that made it; null for what the file held when the log began.</summary>
    public FileChange? Change { get; init; }

    /// <summary>The layer of the file in which the segment holds this version; see <see cref="ShiftChain"/>.</summary>
    public int Layer { get; init; }

    /// <summary>Whether the change is sure to be here in this layer, if it was made.</summary>
    public bool IsPlaced { get; init; }

    /// <summary>The segment's bytes; empty: zeroes, unless they are read from <see cref="Source"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Where the bytes of a segment are that is too long to be held.</summary>
    public BaselineFile? Source { get; init; }

    /// <summary>Where the segment begins in <see cref="Source"/>.</summary>
    public long SourceOffsetBytes { get; init; }

    /// <summary>Whether older versions are illegal once it is settled.</summary>
    public bool EndsOthers { get; set; }

    /// <summary>When it is legal.</summary>
    public TimeStretch Legal { get; set; }

    /// <summary>The newer change that makes it illegal; null if none ever does.</summary>
    public FileChange? EndedBy { get; set; }

    /// <summary>Whether the version holds these bytes at that place of the segment.</summary>
    public bool Holds(long offset, ReadOnlySpan<byte> bytes)
    {
        if (!Bytes.IsEmpty)
            return Bytes.Span.Slice((int)offset, bytes.Length).SequenceEqual(bytes);
        return Source is null
            ? bytes.IndexOfAnyExcept((byte)0) < 0
            : Source.Read(SourceOffsetBytes + offset, bytes.Length).AsSpan().SequenceEqual(bytes);
    }

    /// <summary>Whether a version comes before a change, so that it is not the change and not newer.</summary>
    public bool IsBefore(FileChange change) => Change is null || Change.IsBefore(change);
}
