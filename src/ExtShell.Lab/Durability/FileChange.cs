using ExtShell.Engine.Volumes;

namespace ExtShell.Lab.Durability;

/// <summary>What one call did, or may have done, to one file.</summary>
/// <remarks>
/// (1) A short write is two changes: what it wrote, and what it may have written.
/// (2) <see cref="IsCertain"/>: the caller was told that it is done. Only such a change orders, ends older versions, and can be durable.
/// </remarks>
internal sealed class FileChange
{
    public required RecordedCall Call { get; init; }

    public required ChangeKind Kind { get; init; }

    /// <summary>Where it begins; of a truncate the new size.</summary>
    public required long OffsetBytes { get; init; }

    /// <summary>The first byte behind it; of a truncate the new size.</summary>
    public required long EndBytes { get; init; }

    /// <summary>What a write wrote.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Whether it is a direct write.</summary>
    public bool IsDirect { get; init; }

    /// <summary>Whether it is a write through the page cache.</summary>
    public bool IsBuffered => Kind == ChangeKind.Write && !IsDirect;

    /// <summary>Whether it was stored into a mapping: it needs the size that it lies in, and never gives one (rule 25).</summary>
    public bool IsMapped => Call.Operation.Kind == OperationKind.MapWrite;

    /// <summary>Whether the size has to do with it: a write, a truncate, a fallocate that does not keep the size.</summary>
    public bool ChangesSize { get; init; }

    /// <summary>Of a shift: whether the range is put in rather than taken out.</summary>
    public bool IsInsert { get; init; }

    public bool IsCertain { get; init; }

    /// <summary>The first cut from which its bytes and its size are promised; <see cref="int.MaxValue"/> for never.</summary>
    public int DurableAt { get; set; } = int.MaxValue;

    /// <summary>The call that made it durable: itself or a sync.</summary>
    public RecordedCall? DurableBy { get; set; }

    /// <summary>The first cut from which its blocks are promised: as <see cref="DurableAt"/>, but fdatasync does not count.</summary>
    public int ReservedAt { get; set; } = int.MaxValue;

    public RecordedCall? ReservedBy { get; set; }

    /// <summary>
    /// The first cut from which a failed call is over and done with: the return of the next fsync. For others as <see cref="DurableAt"/>.
    /// </summary>
    public int SettledAt { get; set; } = int.MaxValue;

    /// <summary>Whether the callers have ordered neither before the other.</summary>
    public bool Overlaps(FileChange other) => !Call.IsBefore(other.Call) && !other.Call.IsBefore(Call);

    public bool IsBefore(FileChange other) => IsCertain && Call.IsBefore(other.Call);
}
