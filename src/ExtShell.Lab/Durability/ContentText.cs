using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;

namespace ExtShell.Lab.Durability;

/// <summary>Says what bytes are and where they came from: the log's provenance first, then the bytes themselves.</summary>
internal sealed class ContentText(PromiseReader promises, History history)
{
    private const int SectorSizeBytes = 512;

    /// <summary>Explains bytes that may not be where they were found.</summary>
    /// <param name="file">The file that shows them.</param>
    /// <param name="offsetBytes">Where in the file.</param>
    /// <param name="bytes">The bytes; they come from one place.</param>
    /// <param name="older">The version of that place which holds them; null if none does.</param>
    /// <param name="origin">Who wrote them, as the device's log knows it.</param>
    /// <param name="physicalBlock">The block that holds them; −1 for a hole or an unwritten block.</param>
    /// <param name="unmapped">What stands for them where no block holds them: a hole, unwritten blocks.</param>
    public (ContentKind Kind, string Text) Explain(
        LedgerFile file, long offsetBytes, ReadOnlySpan<byte> bytes, ByteVersion? older, Provenance origin, long physicalBlock,
        string unmapped)
    {
        if (bytes.IndexOfAnyExcept((byte)0) < 0)
            return (ContentKind.Zeroes, physicalBlock < 0 ? $"zeroes ({unmapped})" : "zeroes");
        if (older is not null)
            return (ContentKind.OlderVersion, older.Change is { } change
                ? $"the bytes of {change.Call}"
                : "what the file held when the log began");
        if (StaleContent.TryRead(bytes[(int)(-offsetBytes & 31)..], out long block, out _))
            return (ContentKind.Fill, $"stale content: the fill of free block {block}");
        if (origin.Kind == ProvenanceKind.Journal)
            return (ContentKind.Journal, "stale content: a block of the journal");
        if (origin.Kind == ProvenanceKind.Metadata)
            return (ContentKind.Metadata, "stale content: metadata of the file system");
        return FindWriter(file, bytes, origin) ?? FindOwner(file, physicalBlock) ?? (ContentKind.Unknown, "bytes of no known origin");
    }

    /// <summary>The call that wrote the bytes: the one that the log names, or one whose bytes they are.</summary>
    private (ContentKind, string)? FindWriter(LedgerFile file, ReadOnlySpan<byte> bytes, Provenance origin)
    {
        ReadOnlySpan<byte> sample = bytes[..Math.Min(bytes.Length, SectorSizeBytes)];
        if (origin.Kind == ProvenanceKind.Data && history.Find(origin.Call) is { } named)
            return Describe(file, named, named.Operation.Bytes.Span.IndexOf(sample));
        foreach (RecordedCall call in history.Calls)
        {
            bool isWrite = call.Operation.Kind is OperationKind.WriteDirect or OperationKind.StartDirect or OperationKind.WriteBuffered
                or OperationKind.MapWrite;
            int at = isWrite ? call.Operation.Bytes.Span.IndexOf(sample) : -1;
            if (at >= 0)
                return Describe(file, call, at);
        }

        return null;
    }

    private (ContentKind, string) Describe(LedgerFile file, RecordedCall call, int at)
    {
        string place = at >= 0 ? $", from byte {CallText.Number(call.Operation.OffsetBytes + at)} of it" : "";
        LedgerFile? owner = promises.FileOf(call);
        if (owner == file || (owner is null && call.Operation.Inode == file.Inode && file.Inode != 0))
            return (ContentKind.SameFileElsewhere, $"bytes of another place of the same file: {call}{place}");
        bool isDeleted = owner is null ? history.Baseline.Find(call.Operation.Inode) is null : !HasName(owner);
        return isDeleted
            ? (ContentKind.DeletedFile, $"stale content: bytes of the deleted file {call.Operation.Path}: {call}{place}")
            : (ContentKind.OtherFile, $"stale content: bytes of another file, {call.Operation.Path}: {call}{place}");
    }

    /// <summary>The file that the block belonged to when the log began.</summary>
    private (ContentKind, string)? FindOwner(LedgerFile file, long physicalBlock)
    {
        if (physicalBlock < 0 || history.Baseline.OwnerOf(physicalBlock) is not { } owner)
            return null;
        string name = owner.File.Paths.Count > 0 ? owner.File.Paths[0] : $"inode {owner.File.Inode}";
        if (owner.File == file.Baseline)
            return (ContentKind.SameFileElsewhere, $"what block {owner.LogicalBlock} of the same file held when the log began");
        LedgerFile? known = promises.Files.Find(candidate => candidate.Baseline == owner.File);
        return known is not null && !HasName(known)
            ? (ContentKind.DeletedFile, $"stale content: block {owner.LogicalBlock} of the deleted file {name}")
            : (ContentKind.OtherFile, $"stale content: block {owner.LogicalBlock} of another file, {name}");
    }

    private bool HasName(LedgerFile file) => promises.Names.Exists(name => name.Current == file);
}
