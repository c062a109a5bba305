using ExtShell.Check;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>Blocks that a fallocate reserved, and a sync covered.</summary>
/// <remarks>
/// (1) From the call of a truncate on, what lies past its size is not promised; of a punch, what lies in its range; of a collapse or an
/// insert, what lies behind its beginning.
/// (2) What lies past the end of the file is not promised from the call of a write that extends it until that write is durable (rule 16).
/// (3) If that write failed, nothing that had been reserved there is promised any more: undoing it truncates the file to its size.
/// </remarks>
internal sealed class Reservation
{
    private readonly FileChange _fallocate;
    private readonly List<(int From, long OffsetBytes, long EndBytes)> _cutShort = [];
    private readonly List<TimeStretch> _extending = [];
    private int _failedAt = int.MaxValue;

    public Reservation(LedgerFile file, FileChange fallocate)
    {
        _fallocate = fallocate;
        foreach (FileChange change in file.Changes)
        {
            bool frees = change.Kind is ChangeKind.Truncate or ChangeKind.Zero or ChangeKind.Shift;
            if (frees && change.Call != fallocate.Call && !change.IsBefore(fallocate))
                _cutShort.Add((change.Call.Called.Position, change.OffsetBytes, EndOf(change))); // (1)
            else if (change.Kind == ChangeKind.Write && (file.IsShifted || change.EndBytes > SizeTable.MostBefore(file, change)))
                AddExtending(change);
        }
    }

    public FileChange Fallocate => _fallocate;

    /// <summary>The cuts of the range at which a promised block is not allocated; empty if there are none.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="blockSizeBytes">The block size.</param>
    /// <param name="cuts">The cuts.</param>
    /// <param name="missingBytes">Where in the file the first missing block begins.</param>
    public CutRange Missing(in RecoveredInode inode, int blockSizeBytes, CutRange cuts, out long missingBytes)
    {
        long endBlock = (_fallocate.EndBytes + blockSizeBytes - 1) / blockSizeBytes;
        missingBytes = FirstHole(inode.Runs, _fallocate.OffsetBytes / blockSizeBytes, endBlock) * blockSizeBytes;
        if (missingBytes >= _fallocate.EndBytes)
            return new CutRange(0, -1);
        int first = Math.Max(cuts.First, _fallocate.ReservedAt);
        int last = cuts.Last;
        foreach ((int from, long offset, long end) in _cutShort)
        {
            if (missingBytes + blockSizeBytes > offset && missingBytes < end)
                last = Math.Min(last, from - 1);
        }

        if (missingBytes < inode.SizeBytes)
            return new CutRange(first, last);
        last = Math.Min(last, _failedAt - 1); // (3)
        bool isMoved = true;
        while (isMoved)
        {
            isMoved = false;
            foreach (TimeStretch extending in _extending)
            {
                if (extending.From > first || extending.Until <= first)
                    continue;
                first = extending.Until;
                isMoved = true;
            }
        }

        foreach (TimeStretch extending in _extending)
        {
            if (extending.From > first)
                last = Math.Min(last, extending.From - 1);
        }

        return new CutRange(first, last);
    }

    private void AddExtending(FileChange write)
    {
        if (write.IsCertain)
            _extending.Add(new TimeStretch(write.Call.Called.Position, write.DurableAt)); // (2)
        else if (!write.Call.IsBefore(_fallocate.Call))
            _failedAt = Math.Min(_failedAt, write.Call.Called.Position); // (3)
    }

    private static long EndOf(FileChange change) => change.Kind == ChangeKind.Zero ? change.EndBytes : long.MaxValue;

    private static long FirstHole(ReadOnlySpan<MappedRun> runs, long block, long end)
    {
        foreach (MappedRun run in runs)
        {
            if (run.EndLogicalBlock <= block)
                continue;
            if (run.LogicalBlock > block || block >= end)
                break;
            block = run.EndLogicalBlock;
        }

        return Math.Min(block, end);
    }
}
