using ExtShell.Check;
using ExtShell.Engine.Volumes;
using ExtShell.Format.OnDisk;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>Judges one file of a recovered volume: its attributes, its size, its bytes, its reserved blocks.</summary>
/// <remarks>
/// (1) The tables are made once for a run; judging looks up and compares, and makes objects only for what it finds.
/// (2) Each undecided content is judged by itself, at the cuts at which the leaf and it are possible.
/// (3) A stretch that no version holds as a whole is judged in units of 512 bytes of the file, which may mix versions (rule 3).
/// (4) A symbolic link is made with its path, and keeps it: only its names are judged.
/// </remarks>
internal sealed class FileJudge
{
    private const int UnitBytes = 512;
    private const int PageBytes = 4096;
    private static readonly byte[] Zeroes = new byte[PageBytes];

    private readonly LedgerFile _file;
    private readonly ContentText _text;
    private readonly FileViolations _violations;
    private readonly SizeTable _sizes;
    private readonly ByteTable _bytes;
    private readonly List<Reservation> _reservations = [];
    private readonly bool _isOrdered;
    private readonly AttributeJudge _attributes;

    public FileJudge(LedgerFile file, ContentText text, JournalMode journal, IEnumerable<RecordedCall> volumeSyncs)
    {
        _attributes = new AttributeJudge(file, volumeSyncs);
        (_file, _text, _violations) = (file, text, new FileViolations(file, text));
        _isOrdered = journal is JournalMode.Ordered or JournalMode.Journal;
        _sizes = new SizeTable(file, TimeAxis.Cuts);
        _bytes = new ByteTable(file, TimeAxis.Cuts);
        foreach (FileChange change in file.Changes)
        {
            if (change is { Kind: ChangeKind.Fallocate, ReservedAt: < int.MaxValue })
                _reservations.Add(new Reservation(file, change));
        }
    }

    public void Judge(IRecoveredVolume volume, string path, in RecoveredInode inode, List<ContentVersion> contents, List<Violation> into)
    {
        CutRange cuts = volume.Cuts;
        _attributes.Judge(path, inode, cuts, into);
        if ((inode.Mode & InodeMode.TypeMask) == InodeMode.SymbolicLink)
            return; // (4)
        SizeVerdict size = _sizes.Of(inode.SizeBytes);
        int illegal = size.FirstIllegal(cuts.First, cuts.Last);
        if (illegal >= 0)
            into.Add(FileViolations.Size(
                path, inode.SizeBytes, _sizes.ForbiddenBy(inode.SizeBytes, illegal), cuts with { First = illegal }));
        JudgeBytes(new JudgedPlace(volume, path, cuts, _isOrdered ? size.Append : null), inode, contents, into);
        foreach (Reservation reservation in _reservations)
        {
            CutRange missing = reservation.Missing(inode, volume.BlockSizeBytes, cuts, out long missingBytes);
            if (!missing.IsEmpty)
                into.Add(FileViolations.Blocks(path, reservation.Fallocate, missingBytes, missing));
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
            (ContentKind kind, string text) = _text.Explain(_file, offsetBytes, within, version, default, 0, "");
            return (version == segment.Versions[0] ? ContentKind.None : kind, text);
        }

        return _text.Explain(_file, offsetBytes, bytes, null, default, 0, "");
    }

    private void JudgeBytes(in JudgedPlace place, in RecoveredInode inode, List<ContentVersion> contents, List<Violation> into)
    {
        int blockSize = place.Volume.BlockSizeBytes;
        ReadOnlySpan<MappedRun> runs = inode.Runs;
        int run = 0;
        foreach (ByteSegment segment in _bytes.Segments)
        {
            if (segment.EndBytes == long.MaxValue)
                break; // past all that callers wrote: the size is what is wrong there
            long end = Math.Min(segment.EndBytes, inode.SizeBytes);
            for (long at = segment.StartBytes; at < end;)
            {
                while (run < runs.Length && runs[run].EndLogicalBlock * blockSize <= at)
                    run++;
                long runStart = run < runs.Length ? runs[run].LogicalBlock * (long)blockSize : long.MaxValue;
                bool isMapped = runStart <= at;
                long stretchEnd = Math.Min(end, isMapped ? runs[run].EndLogicalBlock * blockSize : runStart);
                int length = (int)Math.Min(stretchEnd - at, PageBytes - (at % PageBytes));
                if (isMapped && runs[run].IsWritten)
                    length = JudgeBlock(
                        place, segment, at, (runs[run].PhysicalBlock * blockSize) + (at - runStart), length, contents, into);
                else
                    JudgeZeroes(place, segment, at, length, isMapped ? "unwritten blocks" : "a hole", into);
                at += length;
            }
        }
    }

    private int JudgeBlock(
        in JudgedPlace place, ByteSegment segment, long at, long image, int length, List<ContentVersion> contents, List<Violation> into)
    {
        contents.Clear();
        length = place.Volume.Content(image, length, contents);
        foreach (ContentVersion content in contents) // (2)
        {
            int first = Math.Max(place.Cuts.First, content.PossibleFrom);
            if (first > place.Cuts.Last || IsLegal(place, segment, at, content.Bytes.Span, first))
                continue;
            CellChoice? witness = content.Cell >= 0 ? new CellChoice(content.Cell, content.Version) : null;
            var source = new ContentSource(content.Origin, image / place.Volume.BlockSizeBytes, "", witness);
            Refine(place, segment, at, content.Bytes.Span, first, source, into);
        }

        return length;
    }

    private void JudgeZeroes(in JudgedPlace place, ByteSegment segment, long at, int length, string unmapped, List<Violation> into)
    {
        ReadOnlySpan<byte> zeroes = Zeroes.AsSpan(0, length);
        if (!IsLegal(place, segment, at, zeroes, place.Cuts.First))
            Refine(place, segment, at, zeroes, place.Cuts.First, new ContentSource(default, -1, unmapped, null), into);
    }

    private static bool IsLegal(in JudgedPlace place, ByteSegment segment, long at, ReadOnlySpan<byte> bytes, int first) =>
        segment.FirstIllegal(at - segment.StartBytes, bytes, first, place.Cuts.Last, place.NotBefore(segment)) < 0;

    private void Refine(
        in JudgedPlace place, ByteSegment segment, long at, ReadOnlySpan<byte> bytes, int first, in ContentSource source,
        List<Violation> into)
    {
        FileChange? append = place.NotBefore(segment);
        while (bytes.Length > 0)
        {
            int length = (int)Math.Min(bytes.Length, UnitBytes - (at % UnitBytes)); // (3)
            ReadOnlySpan<byte> unit = bytes[..length];
            int illegal = segment.FirstIllegal(at - segment.StartBytes, unit, first, place.Cuts.Last, append);
            if (illegal >= 0)
                Add(into, _violations.Bytes(place, segment, at, unit, illegal, source));
            at += length;
            bytes = bytes[length..];
        }
    }

    /// <summary>Adds a violation, or lengthens the last one if it goes on there.</summary>
    private static void Add(List<Violation> into, Violation violation)
    {
        if (into.Count > 0 && Continues(into[^1], violation))
            into[^1] = into[^1] with { LengthBytes = into[^1].LengthBytes + violation.LengthBytes };
        else
            into.Add(violation);
    }

    private static bool Continues(Violation last, Violation next) =>
        last.LengthBytes > 0 && last.OffsetBytes + last.LengthBytes == next.OffsetBytes && last.Path == next.Path
        && last.Kind == next.Kind && last.FoundKind == next.FoundKind && last.Promise == next.Promise
        && last.Cuts == next.Cuts && last.Witness == next.Witness;
}
