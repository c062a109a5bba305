using ExtShell.Engine.Devices;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Lab.Verbs;

namespace ExtShell.Lab.Looking;

/// <summary>A stretch of a file on the device, and where its bytes came from.</summary>
/// <param name="InnerPath">The file.</param>
/// <param name="OffsetBytes">Where in the file.</param>
/// <param name="LengthBytes">How many bytes.</param>
/// <param name="State">What holds them: written or unwritten blocks, or a hole.</param>
/// <param name="PhysicalBlock">The first block of the volume; 0 for a hole.</param>
/// <param name="Kind">Why they were written; Unknown for what the volume held before its log began.</param>
/// <param name="Call">The number of the call that wrote them; 0 for none.</param>
/// <param name="Text">The same in words.</param>
/// <param name="Position">How many events of the device came before the write ended; −1 for none.</param>
public sealed record ByteOrigin(
    string InnerPath, long OffsetBytes, long LengthBytes, MappingState State, long PhysicalBlock, ProvenanceKind Kind, int Call,
    string Text, int Position)
{
    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{InnerPath} bytes {OffsetBytes} to {OffsetBytes + LengthBytes - 1}: {Text}");

    internal static IReadOnlyList<ByteOrigin> Of(Volume volume, string path, long offsetBytes, long lengthBytes)
    {
        using FileHandle file = volume.Open(path, OpenOptions.ReadOnly);
        IReadOnlyList<BlockMapping> extents = file.GetExtents();
        int blockSize = volume.Context.Geometry.BlockSizeBytes;
        var found = new List<ByteOrigin>();
        long end = Math.Min(
            offsetBytes + lengthBytes, Math.Max(file.Stat().SizeBytes, extents.Count == 0 ? 0 : extents[^1].EndLogicalBlock * blockSize));
        for (long at = offsetBytes; at < end;)
        {
            int length = (int)Math.Min(end - at, blockSize - (at % blockSize));
            Add(found, At(volume, path, extents, at, length, blockSize));
            at += length;
        }

        return found;
    }

    private static ByteOrigin At(Volume volume, string path, IReadOnlyList<BlockMapping> extents, long at, int length, int blockSize)
    {
        long block = at / blockSize;
        BlockMapping mapping = extents.FirstOrDefault(extent => block >= extent.LogicalBlock && block < extent.EndLogicalBlock);
        if (mapping.LengthBlocks == 0 || !mapping.IsMapped)
            return new ByteOrigin(path, at, length, MappingState.Hole, 0, ProvenanceKind.Zeroes, 0, "a hole: reads as zeroes", -1);
        long physical = mapping.PhysicalBlock + block - mapping.LogicalBlock;
        if (mapping.State == MappingState.Unwritten)
            return new ByteOrigin(path, at, length, mapping.State, physical, ProvenanceKind.Zeroes, 0,
                "unwritten: reads as zeroes, whatever the device holds", -1);
        long place = (physical * blockSize) + (at % blockSize);
        LoggedBio? last = volume.WriteLog.Bios.Where(bio => bio.Operation != BioOperation.Flush && bio.CompletedAt != int.MaxValue
            && place < bio.OffsetBytes + bio.LengthBytes && place + length > bio.OffsetBytes).MaxBy(static bio => bio.CompletedAt);
        return last is null
            ? new ByteOrigin(path, at, length, mapping.State, physical, ProvenanceKind.Unknown, 0, Before(volume, place), -1)
            : new ByteOrigin(path, at, length, mapping.State, physical, last.Origin.Kind, Math.Max(last.Origin.Call, 0), Say(volume, last),
                last.CompletedAt);
    }

    private static string Before(Volume volume, long place) =>
        StaleContent.TryRead(volume.Device.Content.Read(place, StaleContent.RecordSizeBytes), out long block, out _)
            ? FormattableString.Invariant($"stale: what block {block} held before the volume was used")
            : "was there before the write log began";

    private static string Say(Volume volume, LoggedBio bio) =>
        volume.History.Find(bio.Origin.Call) is { } call ? call.ToString() : bio.Origin.Kind switch
    {
        ProvenanceKind.Journal => "the journal's own",
        ProvenanceKind.Metadata => "metadata",
        ProvenanceKind.Zeroes => "zeroes that the engine wrote",
        _ => "written by nobody who said so",
    };

    private static void Add(List<ByteOrigin> found, ByteOrigin next)
    {
        if (found.Count > 0 && found[^1] is var last && last.Text == next.Text && last.State == next.State
            && last.Position == next.Position)
            found[^1] = last with { LengthBytes = last.LengthBytes + next.LengthBytes };
        else
            found.Add(next);
    }
}
