namespace ExtShell.Lab.Durability;

/// <summary>The versions of a file's bytes, segment by segment, each with the moments at which it is legal.</summary>
/// <remarks>
/// (1) A version is legal from the call of its change on (rule 3), and until a change that came after it (rule 6) is settled: durable by
/// promise on the axis of cuts, acknowledged on the axis of the run.
/// (2) A direct write ends nothing in a page that a buffered write changed at the same time (rule 22).
/// (3) Segments cover the file from 0 on without gaps; the last has no end, and holds zeroes.
/// (4) Of a big file, what no call changed is left out: it is compared by its mapping alone.
/// (5) What a collapse or insert moves is legal at its new place from the call of the shift on, and at its old place until the shift is
/// settled (rule 24).
/// (6) A write behind a shift that a cut undoes shows where its block was before; there it ends nothing; nor
/// does a write that callers did not order with a shift: it may have been moved.
/// </remarks>
internal sealed class ByteTable
{
    /// <summary>Up to this size all of a touched file is compared byte by byte.</summary>
    public const long WholeFileBytes = 1 << 20;

    private const long PageBytes = 4096;

    public ByteTable(LedgerFile file, TimeAxis axis)
    {
        var shifts = new ShiftChain(file);
        long[] starts = [.. FindBounds(file, shifts)];
        var segments = new List<ByteSegment>(starts.Length);
        for (int i = 0; i < starts.Length; i++)
        {
            long end = i + 1 < starts.Length ? starts[i + 1] : long.MaxValue;
            if (MakeSegment(file, shifts, axis, starts[i], end) is { } segment)
                segments.Add(segment);
        }

        Segments = [.. segments];
    }

    /// <summary>The segments, in order.</summary>
    public ByteSegment[] Segments { get; }

    private static SortedSet<long> FindBounds(LedgerFile file, ShiftChain shifts)
    {
        var bounds = new SortedSet<long> { 0 };
        shifts.AddBounds(file.BaselineSizeBytes, 0, bounds);
        shifts.AddOwnBounds(bounds);
        foreach (FileChange change in file.Changes)
        {
            if (change.Kind is ChangeKind.Fallocate or ChangeKind.Shift)
                continue;
            (int first, int last) = shifts.LayersOf(change);
            for (int layer = first; layer <= last; layer++)
            {
                shifts.AddBounds(change.OffsetBytes, layer, bounds);
                shifts.AddBounds(change.EndBytes, layer, bounds);
                if (!change.IsBuffered)
                    continue;
                shifts.AddBounds(PageStart(change), layer, bounds);
                shifts.AddBounds(PageEnd(change), layer, bounds);
            }
        }

        return bounds;
    }

    private static ByteSegment? MakeSegment(LedgerFile file, ShiftChain shifts, TimeAxis axis, long start, long end)
    {
        if (shifts.IsAmbiguous && start >= shifts.FirstMovedByte)
            return null;
        var versions = new List<ByteVersion>();
        for (int layer = 0; layer <= shifts.Count; layer++)
            AddVersions(file, shifts, layer, start, end, versions);
        if (versions.TrueForAll(version => version.Change is null) && start < file.BaselineSizeBytes
            && file.BaselineSizeBytes > WholeFileBytes && start < shifts.FirstMovedByte)
            return null; // (4)
        versions.Reverse();
        ByteVersion[] ending = [.. versions.Where(version => version is { IsPlaced: true, Change: { } change }
            && !IsDisturbed(file, change, start))];
        foreach (ByteVersion version in ending)
            version.EndsOthers = true;
        foreach (ByteVersion version in versions)
            Date(version, ending, shifts, axis);
        return new ByteSegment(start, end, [.. versions]);
    }

    /// <summary>What the segment holds in one layer, oldest first: what was there, or was moved there, since the log began.</summary>
    private static void AddVersions(LedgerFile file, ShiftChain shifts, int layer, long start, long end, List<ByteVersion> versions)
    {
        long length = end - start;
        long oldStart = shifts.Back(start, 0, layer);
        versions.Add(oldStart >= 0 && oldStart < file.BaselineSizeBytes
            ? Old(file.Baseline!, oldStart, oldStart + length, layer)
            : new ByteVersion { Layer = layer });
        foreach (FileChange change in file.Changes)
        {
            (int first, int last) = shifts.LayersOf(change);
            for (int madeIn = first; madeIn <= last; madeIn++)
            {
                long from = madeIn <= layer ? shifts.Back(start, madeIn, layer) : shifts.Forward(start, layer, madeIn); // (6)
                if (from >= 0 && VersionOf(change, from, length, layer, first == last && madeIn <= layer) is { } version)
                    versions.Add(version);
            }
        }
    }

    private static ByteVersion? VersionOf(FileChange change, long from, long length, int layer, bool isPlaced)
    {
        bool covers = change.OffsetBytes <= from && change.EndBytes - length >= from;
        bool zeroes = change.Kind == ChangeKind.Zero ? covers : change.Kind == ChangeKind.Truncate && change.OffsetBytes <= from;
        if (!zeroes && (change.Kind != ChangeKind.Write || !covers))
            return null;
        ReadOnlyMemory<byte> bytes = zeroes ? default : change.Bytes.Slice((int)(from - change.OffsetBytes), (int)length);
        return new ByteVersion { Change = change, Layer = layer, IsPlaced = isPlaced, Bytes = bytes };
    }

    private static bool IsDisturbed(LedgerFile file, FileChange change, long start) // (2)
    {
        if (!change.IsDirect)
            return false;
        foreach (FileChange other in file.Changes)
        {
            if (other.IsBuffered && start >= PageStart(other) && start < PageEnd(other) && other.Overlaps(change))
                return true;
        }

        return false;
    }

    private static long PageStart(FileChange change) => change.OffsetBytes / PageBytes * PageBytes;

    private static long PageEnd(FileChange change) => (change.EndBytes + PageBytes - 1) / PageBytes * PageBytes;

    private static ByteVersion Old(BaselineFile file, long start, long end, int layer) => end - start <= WholeFileBytes
        ? new ByteVersion { Layer = layer, Bytes = file.Read(start, (int)(end - start)) }
        : new ByteVersion { Layer = layer, Source = file, SourceOffsetBytes = start };

    private static void Date(ByteVersion version, ByteVersion[] ending, ShiftChain shifts, TimeAxis axis) // (1)
    {
        int from = version.Change is null ? axis.Start : axis.From(version.Change);
        int until = int.MaxValue;
        if (version.Layer > 0) // (5)
            from = Math.Max(from, axis.From(shifts.To(version.Layer)));
        if (version.Layer < shifts.Count)
            End(version, shifts.To(version.Layer + 1), axis, ref until);
        foreach (ByteVersion newer in ending)
        {
            bool isInSameLayer = newer.Layer == version.Layer;
            bool isMadeLater = newer.Layer > version.Layer && shifts.LayersOf(newer.Change).First == newer.Layer;
            if (newer != version && (isInSameLayer || isMadeLater) && version.IsBefore(newer.Change!))
                End(version, newer.Change!, axis, ref until);
        }

        version.Legal = new TimeStretch(from, until);
    }

    private static void End(ByteVersion version, FileChange by, TimeAxis axis, ref int until)
    {
        if (axis.Until(by) >= until)
            return;
        until = axis.Until(by);
        version.EndedBy = by;
    }
}
