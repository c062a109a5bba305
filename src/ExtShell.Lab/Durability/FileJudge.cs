using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>Judges one file of a recovered volume: its size, its bytes, its reserved blocks.</summary>
/// <remarks>
/// (1) The tables are made once for a run; judging looks up and compares, and makes objects only for what it finds.
/// (2) Each undecided content is judged by itself, at the cuts at which the leaf and it are possible.
/// (3) A stretch that no version holds as a whole is judged in units of 512 bytes of the file, which may mix versions (rule 3).
/// </remarks>
internal sealed class FileJudge
{
    private const int UnitBytes = 512;
    private const int PageBytes = 4096;
    private static readonly byte[] Zeroes = new byte[PageBytes];

    private readonly ContentText _text;
    private readonly SizeTable _sizes;
    private readonly ByteTable _bytes;
    private readonly List<Reservation> _reservations = [];
    private readonly bool _isOrdered;

    public FileJudge(LedgerFile file, ContentText text, JournalMode journal)
    {
        (File, _text) = (file, text);
        _isOrdered = journal is JournalMode.Ordered or JournalMode.Journal;
        _sizes = new SizeTable(file, TimeAxis.Cuts);
        _bytes = new ByteTable(file, TimeAxis.Cuts);
        foreach (FileChange change in file.Changes)
        {
            if (change is { Kind: ChangeKind.Fallocate, ReservedAt: < int.MaxValue })
                _reservations.Add(new Reservation(file, change));
        }
    }

    public LedgerFile File { get; }

    public void Judge(IRecoveredVolume volume, string path, in RecoveredInode inode, List<ContentVersion> contents, List<Violation> into)
    {
        CutRange cuts = volume.Cuts;
        SizeVerdict size = _sizes.Of(inode.SizeBytes);
        int illegal = size.FirstIllegal(cuts.First, cuts.Last);
        if (illegal >= 0)
            into.Add(WrongSize(path, inode.SizeBytes, cuts with { First = illegal }));
        JudgeBytes(new Place(volume, path, cuts, _isOrdered ? size.Append : null), inode, contents, into);
        foreach (Reservation reservation in _reservations)
        {
            CutRange missing = reservation.Missing(inode, volume.BlockSizeBytes, cuts, out long missingBytes);
            if (!missing.IsEmpty)
                into.Add(LostBlocks(path, reservation, missingBytes, missing));
        }
    }

    /// <summary>Says which version of a place some bytes are; or what else they are.</summary>
    public (ContentKind Kind, string Text) Explain(long offsetBytes, ReadOnlySpan<byte> bytes)
    {
        foreach (ByteSegment segment in _bytes.Segments)
        {
            if (offsetBytes < segment.StartBytes || offsetBytes >= segment.EndBytes)
                continue;
            ReadOnlySpan<byte> within = bytes[..(int)Math.Min(bytes.Length, segment.EndBytes - offsetBytes)];
            ByteVersion? version = segment.Holding(offsetBytes - segment.StartBytes, within);
            (ContentKind kind, string text) = _text.Explain(File, offsetBytes, within, version, default, 0, "");
            return (version == segment.Versions[0] ? ContentKind.None : kind, text);
        }

        return _text.Explain(File, offsetBytes, bytes, null, default, 0, "");
    }

    private void JudgeBytes(in Place place, in RecoveredInode inode, List<ContentVersion> contents, List<Violation> into)
    {
        int blockSize = place.Volume.BlockSizeBytes;
        ReadOnlySpan<MappedRun> runs = inode.Runs;
        int run = 0;
        foreach (ByteSegment segment in _bytes.Segments)
        {
            long end = Math.Min(segment.EndBytes, inode.SizeBytes);
            if (segment.EndBytes == long.MaxValue)
                break; // past all that callers wrote: the size is what is wrong there
            for (long at = segment.StartBytes; at < end;)
            {
                while (run < runs.Length && runs[run].EndLogicalBlock * blockSize <= at)
                    run++;
                bool isMapped = run < runs.Length && runs[run].LogicalBlock * (long)blockSize <= at;
                long runEnd = run == runs.Length ? end : isMapped ? runs[run].EndLogicalBlock * blockSize : runs[run].LogicalBlock * (long)blockSize;
                int length = (int)Math.Min(Math.Min(end, runEnd) - at, PageBytes - (at % PageBytes));
                if (isMapped && runs[run].IsWritten)
                {
                    long image = (runs[run].PhysicalBlock * blockSize) + (at - (runs[run].LogicalBlock * (long)blockSize));
                    length = JudgeBlock(place, segment, at, image, length, contents, into);
                }
                else
                {
                    JudgeZeroes(place, segment, at, length, isMapped ? "unwritten blocks" : "a hole", into);
                }

                at += length;
            }
        }
    }

    private int JudgeBlock(in Place place, ByteSegment segment, long at, long image, int length, List<ContentVersion> contents, List<Violation> into)
    {
        contents.Clear();
        length = place.Volume.Content(image, length, contents);
        foreach (ContentVersion content in contents) // (2)
        {
            int first = Math.Max(place.Cuts.First, content.PossibleFrom);
            if (first > place.Cuts.Last || IsLegal(place, segment, at, content.Bytes.Span, first))
                continue;
            CellChoice? witness = content.Cell >= 0 ? new CellChoice(content.Cell, content.Version) : null;
            Refine(place, segment, at, content.Bytes.Span, first, new Source(content.Origin, image / place.Volume.BlockSizeBytes, "", witness), into);
        }

        return length;
    }

    private void JudgeZeroes(in Place place, ByteSegment segment, long at, int length, string unmapped, List<Violation> into)
    {
        ReadOnlySpan<byte> zeroes = Zeroes.AsSpan(0, length);
        if (!IsLegal(place, segment, at, zeroes, place.Cuts.First))
            Refine(place, segment, at, zeroes, place.Cuts.First, new Source(default, -1, unmapped, null), into);
    }

    private static bool IsLegal(in Place place, ByteSegment segment, long at, ReadOnlySpan<byte> bytes, int first) =>
        segment.FirstIllegal(at - segment.StartBytes, bytes, first, place.Cuts.Last, NotBefore(place, segment)) < 0;

    /// <summary>Rule 10: the append that this segment must show, given the size.</summary>
    private static FileChange? NotBefore(in Place place, ByteSegment segment) =>
        place.Append is { } append && segment.StartBytes >= append.OffsetBytes && segment.EndBytes <= append.EndBytes && segment.IsEndedBy(append) ? append : null;

    private void Refine(in Place place, ByteSegment segment, long at, ReadOnlySpan<byte> bytes, int first, in Source source, List<Violation> into)
    {
        while (bytes.Length > 0)
        {
            int length = (int)Math.Min(bytes.Length, UnitBytes - (at % UnitBytes)); // (3)
            ReadOnlySpan<byte> unit = bytes[..length];
            FileChange? append = NotBefore(place, segment);
            int illegal = segment.FirstIllegal(at - segment.StartBytes, unit, first, place.Cuts.Last, append);
            if (illegal >= 0)
                Add(into, WrongBytes(place, segment, at, unit, illegal, source));
            at += length;
            bytes = bytes[length..];
        }
    }

    private Violation WrongBytes(in Place place, ByteSegment segment, long at, ReadOnlySpan<byte> bytes, int illegal, in Source source)
    {
        long within = at - segment.StartBytes;
        CutRange cuts = place.Cuts with { First = illegal };
        (ContentKind what, string found) =
            _text.Explain(File, at, bytes, segment.Holding(within, bytes), source.Origin, source.PhysicalBlock, source.Unmapped);
        bool isStale = what is not (ContentKind.Zeroes or ContentKind.OlderVersion);
        FileChange? promised = segment.PromisedAt(illegal, TimeAxis.Cuts);
        bool isBehindSize = !isStale && segment.FirstIllegal(within, bytes, illegal, illegal, null) < 0;
        (ViolationKind kind, int rule, string promise, int call) = isBehindSize
            ? (ViolationKind.SizeBeforeData, LedgerRules.SizeAfterData, SizePromise(place.Append!), place.Append!.Call.Id)
            : isStale ? (ViolationKind.StaleExposed, LedgerRules.NothingStale, DataPromise(promised, "a file shows what was written to it, or zeroes"), promised?.Call.Id ?? 0)
            : (ViolationKind.LostData, RuleOf(promised), DataPromise(promised, "the bytes are what the file held when the log began, or what was written since"), promised?.Call.Id ?? 0);
        return new Violation(kind, rule, promise, found, cuts)
        {
            Path = place.Path, OffsetBytes = at, LengthBytes = bytes.Length, FoundKind = what, FoundOrigin = source.Origin, PromisedBy = call, Witness = source.Witness,
        };
    }

    private static string SizePromise(FileChange append) =>
        $"{append.Call}: who sees the size that it gave the file sees the bytes that it appended";

    private static string DataPromise(FileChange? promised, string otherwise)
    {
        if (promised is null)
            return otherwise;
        string what = promised.Kind == ChangeKind.Truncate ? "what lies past the size that it set reads as zeroes" : "its bytes survive";
        return $"{Durable(promised)}: {what}, unless newer ones are there";
    }

    private static string Durable(FileChange promised)
    {
        string at = $"at cut {promised.DurableAt}";
        return promised.DurableBy == promised.Call ? $"{promised.Call}, was acknowledged {at}" : $"{promised.Call}, and after it {promised.DurableBy}, which had returned {at}";
    }

    private static int RuleOf(FileChange? promised) => promised switch
    {
        null => LedgerRules.SeenFromCall,
        { Kind: ChangeKind.Truncate } => LedgerRules.Truncate,
        _ => promised.DurableBy == promised.Call ? LedgerRules.SynchronousWrite : LedgerRules.Sync,
    };

    private Violation WrongSize(string path, long sizeBytes, CutRange cuts)
    {
        string found = $"a size of {CallText.Number(sizeBytes)} bytes";
        if (_sizes.ForbiddenBy(sizeBytes, cuts.First) is not { } by)
            return new Violation(ViolationKind.WrongSize, LedgerRules.SizeHasReason, "the size is one that the file had, or was being given", found, cuts) { Path = path };
        string promise = by.Kind == ChangeKind.Truncate
            ? $"{Durable(by)}: the file has that size unless it grows again"
            : $"{Durable(by)}: its bytes can be read back, so the size is at least {CallText.Number(by.EndBytes)}";
        return new Violation(ViolationKind.LostSize, LedgerRules.SizeReachesData, promise, found, cuts) { Path = path, PromisedBy = by.Call.Id };
    }

    private static Violation LostBlocks(string path, Reservation reservation, long missingBytes, CutRange cuts)
    {
        FileChange fallocate = reservation.Fallocate;
        string promise = $"{fallocate.Call}, and after it {fallocate.ReservedBy}, which had returned at cut {fallocate.ReservedAt}: the blocks stay reserved";
        return new Violation(ViolationKind.LostAllocation, LedgerRules.Reservations, promise, "a hole", cuts)
        {
            Path = path, OffsetBytes = missingBytes, LengthBytes = (int)Math.Min(int.MaxValue, fallocate.EndBytes - missingBytes), PromisedBy = fallocate.Call.Id,
        };
    }

    /// <summary>Adds a violation, or lengthens the last one if it goes on there.</summary>
    private static void Add(List<Violation> into, Violation violation)
    {
        if (into.Count > 0 && into[^1] is { } last && last.Kind == violation.Kind && last.FoundKind == violation.FoundKind && last.Path == violation.Path
            && last.Promise == violation.Promise && last.Cuts == violation.Cuts && last.Witness == violation.Witness
            && last.LengthBytes > 0 && last.OffsetBytes + last.LengthBytes == violation.OffsetBytes)
        {
            into[^1] = last with { LengthBytes = last.LengthBytes + violation.LengthBytes };
        }
        else
        {
            into.Add(violation);
        }
    }

    /// <summary>Where and when bytes are judged.</summary>
    private readonly record struct Place(IRecoveredVolume Volume, string Path, CutRange Cuts, FileChange? Append);

    /// <summary>Where bytes come from.</summary>
    private readonly record struct Source(Provenance Origin, long PhysicalBlock, string Unmapped, CellChoice? Witness);
}
