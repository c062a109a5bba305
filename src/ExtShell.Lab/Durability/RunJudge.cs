using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>
/// Judges what callers were told during the run, without any cut: what readers saw (rule 20), by the same versions on the axis of the run,
/// and the counts of writes (rule 28).
/// </summary>
/// <remarks>
/// (1) A read looks at the size again and again while it goes on: where it stopped short, the size was not greater at some moment of it,
/// and not smaller at another.
/// </remarks>
internal sealed class RunJudge(PromiseReader promises, ContentText text)
{
    private const int UnitBytes = 512;
    private readonly Dictionary<LedgerFile, (ByteTable Bytes, SizeTable Sizes)> _tables = [];

    public void Judge(RecordedCall read, List<Violation> into)
    {
        JudgeCount(read, into);
        if (read.Operation.IsAppend && read.IsSuccess && promises.FileOf(read) is { } appended)
            AppendJudge.Judge(read, appended, into);
        bool isRead = read.Operation.Kind is OperationKind.ReadDirect or OperationKind.ReadBuffered or OperationKind.MapRead;
        if (!isRead || !read.IsSuccess || promises.FileOf(read) is not { } file)
            return;
        if (!_tables.TryGetValue(file, out (ByteTable Bytes, SizeTable Sizes) tables))
            _tables.Add(file, tables = (new ByteTable(file, TimeAxis.Run), new SizeTable(file, TimeAxis.Run)));
        JudgeBytes(read, file, tables.Bytes, into);
        JudgeEnd(read, file, tables.Sizes, into);
    }

    private static void JudgeCount(RecordedCall write, List<Violation> into) // rule 28
    {
        bool isWrite = write.Operation.Kind is OperationKind.WriteDirect or OperationKind.StartDirect or OperationKind.WriteBuffered;
        if (!isWrite || !write.IsSuccess || write.Result != 0 || write.Operation.Bytes.Length == 0)
            return;
        into.Add(new Violation(ViolationKind.UnexpectedResult, LedgerRules.NothingWritten,
            $"{write} writes some of its bytes, or an error says why", "0 bytes, and no error", CutsOf(write))
        {
            Path = write.Operation.Path ?? "", PromisedBy = write.Id,
        });
    }

    private void JudgeBytes(RecordedCall read, LedgerFile file, ByteTable table, List<Violation> into)
    {
        long start = read.Operation.OffsetBytes;
        long end = start + read.Seen.Length;
        foreach (ByteSegment segment in table.Segments)
        {
            for (long at = Math.Max(start, segment.StartBytes); at < Math.Min(end, segment.EndBytes);)
            {
                int length = (int)Math.Min(Math.Min(end, segment.EndBytes) - at, UnitBytes - (at % UnitBytes));
                ReadOnlySpan<byte> unit = read.Seen.Span.Slice((int)(at - start), length);
                if (!segment.IsLegalSometime(at - segment.StartBytes, unit, read.Called.Sequence, read.Acknowledged.Sequence))
                    Add(WrongBytes(read, file, segment, at, unit), into);
                at += length;
            }
        }
    }

    /// <summary>Adds wrong bytes; what goes on where the last ones end is told with them.</summary>
    private static void Add(Violation wrong, List<Violation> into)
    {
        bool goesOn = into.Count > 0 && into[^1] is { Kind: ViolationKind.WrongRead } last && last.Path == wrong.Path
            && last.Found == wrong.Found && last.Promise == wrong.Promise && last.OffsetBytes + last.LengthBytes == wrong.OffsetBytes;
        if (goesOn)
            into[^1] = into[^1] with { LengthBytes = into[^1].LengthBytes + wrong.LengthBytes };
        else
            into.Add(wrong);
    }

    private Violation WrongBytes(RecordedCall read, LedgerFile file, ByteSegment segment, long at, ReadOnlySpan<byte> unit)
    {
        ByteVersion? older = segment.Holding(at - segment.StartBytes, unit);
        (ContentKind kind, string found) = text.Explain(file, at, unit, older, default, -1, "as read");
        FileChange? promised = segment.PromisedAt(read.Called.Sequence, TimeAxis.Run);
        string promise = promised is null
            ? $"{read} sees what was written there, or zeroes"
            : $"{read} was called after {promised.Call} had been acknowledged: it sees its bytes or newer ones";
        return new Violation(ViolationKind.WrongRead, LedgerRules.Readers, promise, found, CutsOf(read))
        {
            Path = file.Path, OffsetBytes = at, LengthBytes = unit.Length, FoundKind = kind, PromisedBy = promised?.Call.Id ?? 0,
        };
    }

    private static void JudgeEnd(RecordedCall read, LedgerFile file, SizeTable sizes, List<Violation> into)
    {
        if (read.Seen.Length >= read.Operation.LengthBytes)
            return;
        long end = read.Operation.OffsetBytes + read.Seen.Length;
        bool isLegal = HasLegal(sizes, read, 0, end) && (read.Seen.Length == 0 || HasLegal(sizes, read, end, long.MaxValue));
        if (isLegal)
            return;
        into.Add(new Violation(
            ViolationKind.WrongRead,
            LedgerRules.Readers,
            $"{read} ends where the file ends",
            $"an end of the file at {CallText.Number(end)} bytes, which no call that was acknowledged or in progress gave it",
            CutsOf(read))
        {
            Path = file.Path,
        });
    }

    /// <summary>Whether the file may have had a size of the range while the read ran.</summary>
    private static bool HasLegal(SizeTable sizes, RecordedCall read, long least, long most)
    {
        bool IsLegal(long size) =>
            size >= least && size <= most && sizes.Of(size).IsLegalSometime(read.Called.Sequence, read.Acknowledged.Sequence);
        return IsLegal(least) || IsLegal(most) || sizes.Ends().Any(IsLegal);
    }

    private static CutRange CutsOf(RecordedCall read) => new(read.Called.Position, read.Acknowledged.Position);
}
