namespace ExtShell.Lab.Durability;

/// <summary>The versions of a file's bytes, segment by segment, each with the moments at which it is legal.</summary>
/// <remarks>
/// (1) A version is legal from the call of its change on (rule 3), and until a change that came after it (rule 6) is settled: durable by
/// promise on the axis of cuts, acknowledged on the axis of the run.
/// (2) A direct write ends nothing in a page that a buffered write changed at the same time (rule 22).
/// (3) Segments cover the file from 0 on without gaps; the last has no end, and holds zeroes.
/// (4) Of a big file, what no call changed is left out: it is compared by its mapping alone.
/// </remarks>
internal sealed class ByteTable
{
    /// <summary>Up to this size all of a touched file is compared byte by byte.</summary>
    public const long WholeFileBytes = 1 << 20;

    private const long PageBytes = 4096;

    public ByteTable(LedgerFile file, TimeAxis axis)
    {
        var bounds = new SortedSet<long> { 0, file.BaselineSizeBytes };
        foreach (FileChange change in file.Changes)
        {
            if (change.Kind == ChangeKind.Fallocate)
                continue;
            bounds.Add(change.OffsetBytes);
            bounds.Add(change.EndBytes);
            if (change.IsBuffered)
            {
                bounds.Add(PageStart(change));
                bounds.Add(PageEnd(change));
            }
        }

        long[] starts = [.. bounds];
        var segments = new List<ByteSegment>(starts.Length);
        for (int i = 0; i < starts.Length; i++)
        {
            long end = i + 1 < starts.Length ? starts[i + 1] : long.MaxValue;
            if (MakeSegment(file, axis, starts[i], end) is { } segment)
                segments.Add(segment);
        }

        Segments = [.. segments];
    }

    /// <summary>The segments, in order.</summary>
    public ByteSegment[] Segments { get; }

    private static ByteSegment? MakeSegment(LedgerFile file, TimeAxis axis, long start, long end)
    {
        var versions = new List<ByteVersion>();
        foreach (FileChange change in file.Changes)
        {
            if (change.Kind == ChangeKind.Write && change.OffsetBytes <= start && change.EndBytes >= end)
                versions.Add(new ByteVersion { Change = change, Bytes = change.Bytes.Slice((int)(start - change.OffsetBytes), (int)(end - start)) });
            else if (change.Kind == ChangeKind.Truncate && change.OffsetBytes <= start)
                versions.Add(new ByteVersion { Change = change });
        }

        bool isOld = start < file.BaselineSizeBytes;
        if (versions.Count == 0 && isOld && file.BaselineSizeBytes > WholeFileBytes)
            return null; // (4)
        versions.Insert(0, isOld ? Old(file.Baseline!, start, end) : new ByteVersion());
        versions.Reverse();
        ByteVersion[] ending = [.. versions.Where(version => version.Change is { } change && !IsDisturbed(file, change, start))];
        foreach (ByteVersion version in ending)
            version.EndsOthers = true;
        foreach (ByteVersion version in versions)
            Date(version, ending, axis);
        return new ByteSegment(start, end, [.. versions]);
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

    private static ByteVersion Old(BaselineFile file, long start, long end) => end - start <= WholeFileBytes
        ? new ByteVersion { Bytes = file.Read(start, (int)(end - start)) }
        : new ByteVersion { Source = file, SourceOffsetBytes = start };

    private static void Date(ByteVersion version, ByteVersion[] ending, TimeAxis axis) // (1)
    {
        int until = int.MaxValue;
        foreach (ByteVersion newer in ending)
        {
            if (newer.Change is not { } change || newer == version || !version.IsBefore(change) || axis.Until(change) >= until)
                continue;
            until = axis.Until(change);
            version.EndedBy = change;
        }

        version.Legal = new TimeStretch(version.Change is null ? axis.Start : axis.From(version.Change), until);
    }
}
