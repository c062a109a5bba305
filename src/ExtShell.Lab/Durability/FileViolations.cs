using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>Says what is wrong with a file: what was promised and by whom, and what is there.</summary>
internal sealed class FileViolations(LedgerFile file, ContentText text)
{
    private const string Stale = "a file shows what was written to it, or zeroes";
    private const string Kept = "the bytes are what the file held when the log began, or what was written since";

    /// <summary>Bytes that no legal version holds at the first of the cuts.</summary>
    public Violation Bytes(
        in JudgedPlace place, ByteSegment segment, long at, ReadOnlySpan<byte> bytes, int illegal, in ContentSource source)
    {
        long within = at - segment.StartBytes;
        (ContentKind what, string found) =
            text.Explain(file, at, bytes, segment.Holding(within, bytes), source.Origin, source.PhysicalBlock, source.Unmapped);
        bool isStale = what is not (ContentKind.Zeroes or ContentKind.OlderVersion);
        bool isBehindSize = !isStale && segment.FirstIllegal(within, bytes, illegal, illegal, null) < 0;
        FileChange? promised = isBehindSize ? place.Append : segment.PromisedAt(illegal, TimeAxis.Cuts);
        (ViolationKind kind, int rule, string promise) =
            isBehindSize ? (ViolationKind.SizeBeforeData, LedgerRules.SizeAfterData, Appended(promised!))
            : isStale ? (ViolationKind.StaleExposed, LedgerRules.NothingStale, Written(promised, Stale))
            : (ViolationKind.LostData, RuleOf(promised), Written(promised, Kept));
        return new Violation(kind, rule, promise, found, place.Cuts with { First = illegal })
        {
            Path = place.Path,
            OffsetBytes = at,
            LengthBytes = bytes.Length,
            FoundKind = what,
            FoundOrigin = source.Origin,
            PromisedBy = promised?.Call.Id ?? 0,
            Witness = source.Witness,
        };
    }

    /// <summary>A size that is not legal at the first of the cuts.</summary>
    public static Violation Size(string path, long sizeBytes, FileChange? forbiddenBy, CutRange cuts)
    {
        string found = $"a size of {CallText.Number(sizeBytes)} bytes";
        if (forbiddenBy is not { } by)
        {
            const string Promise = "the size is one that the file had, or was being given";
            return new Violation(ViolationKind.WrongSize, LedgerRules.SizeHasReason, Promise, found, cuts) { Path = path };
        }

        string promise = by.Kind == ChangeKind.Truncate
            ? $"{Durable(by)}: the file has that size unless it grows again"
            : $"{Durable(by)}: its bytes can be read back, so the size is at least {CallText.Number(by.EndBytes)}";
        return new Violation(ViolationKind.LostSize, LedgerRules.SizeReachesData, promise, found, cuts)
        {
            Path = path, PromisedBy = by.Call.Id,
        };
    }

    /// <summary>Reserved blocks that are not allocated.</summary>
    public static Violation Blocks(string path, FileChange fallocate, long missingBytes, CutRange cuts)
    {
        string synced = $"{fallocate.ReservedBy}, which had returned at cut {fallocate.ReservedAt}";
        string promise = $"{fallocate.Call}, and after it {synced}: the blocks stay reserved";
        return new Violation(ViolationKind.LostAllocation, LedgerRules.Reservations, promise, "a hole", cuts)
        {
            Path = path,
            OffsetBytes = missingBytes,
            LengthBytes = (int)Math.Min(int.MaxValue, fallocate.EndBytes - missingBytes),
            PromisedBy = fallocate.Call.Id,
        };
    }

    private static string Appended(FileChange append) =>
        $"{append.Call}: who sees the size that it gave the file sees the bytes that it appended";

    private static string Written(FileChange? promised, string otherwise)
    {
        if (promised is null)
            return otherwise;
        string what = promised.Kind switch
        {
            ChangeKind.Truncate => "what lies past the size that it set reads as zeroes",
            ChangeKind.Zero => "its range reads as zeroes",
            ChangeKind.Shift => "what it moved is at its new place",
            _ => "its bytes survive",
        };
        return $"{Durable(promised)}: {what}, unless newer ones are there";
    }

    private static string Durable(FileChange promised) => promised.DurableBy == promised.Call
        ? $"{promised.Call}, was acknowledged at cut {promised.DurableAt}"
        : $"{promised.Call}, and after it {promised.DurableBy}, which had returned at cut {promised.DurableAt}";

    private static int RuleOf(FileChange? promised) => promised switch
    {
        null => LedgerRules.SeenFromCall,
        { Kind: ChangeKind.Truncate } => LedgerRules.Truncate,
        { Kind: ChangeKind.Zero } => LedgerRules.Zeroed,
        { Kind: ChangeKind.Shift } => LedgerRules.Shifted,
        _ => promised.DurableBy == promised.Call ? LedgerRules.SynchronousWrite : LedgerRules.Sync,
    };
}
