using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>Judges appends without any cut (rule 26): two that were acknowledged do not lie over each other.</summary>
/// <remarks>
/// (1) Where the file may have become smaller between them nothing is judged: the second may have gone where the first had been.
/// (2) Each pair is judged once, at the later call.
/// </remarks>
internal static class AppendJudge
{
    public static void Judge(RecordedCall append, LedgerFile file, List<Violation> into)
    {
        FileChange? own = file.Changes.Find(change => change.Call == append && change.IsCertain);
        if (own is null)
            return;
        foreach (FileChange other in file.Changes)
        {
            bool isEarlierAppend = other is { Kind: ChangeKind.Write, IsCertain: true } && other.Call.Operation.IsAppend
                && other.Call.Id < append.Id; // (2)
            bool overlaps = other.OffsetBytes < own.EndBytes && own.OffsetBytes < other.EndBytes;
            if (!isEarlierAppend || !overlaps || MayShrinkBetween(file, other.Call, append))
                continue;
            into.Add(new Violation(
                ViolationKind.OverlappingAppends,
                LedgerRules.Appends,
                $"{append} goes behind {other.Call}",
                $"its bytes at {CallText.Number(own.OffsetBytes)}, over those at {CallText.Number(other.OffsetBytes)}",
                new CutRange(append.Called.Position, append.Acknowledged.Position))
            {
                Path = file.Path, PromisedBy = other.Call.Id,
            });
        }
    }

    private static bool MayShrinkBetween(LedgerFile file, RecordedCall first, RecordedCall second) => // (1)
        file.Changes.Exists(change => change.Kind is ChangeKind.Truncate or ChangeKind.Shift
            && !change.Call.IsBefore(first) && !second.IsBefore(change.Call));
}
