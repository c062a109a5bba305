using System.Collections.Concurrent;

namespace ExtShell.Lab.Durability;

/// <summary>
/// The sizes that a file may have, as a function of time: of cuts (positions of the log) or of moments of the run (sequence numbers).
/// </summary>
/// <remarks>
/// A size is legal at p if some truncate t, or the beginning, can be the last one in effect, such that
/// (1) t was called by p, and no certain truncate that came after t is settled by p;
/// (2) the size is at least what writes that came after t and are settled by p need;
/// (3) it is t's own size, or lies in the range of a write or fallocate that was called by p and is not before t; a buffered write may also
///     show a size between the old end and its range, as pages before it are written back.
/// (4) collapses and inserts that were called by p, and all that are settled by p, change the sizes of what came before them by their
/// length. "Settled" is durable by promise on the axis of cuts, acknowledged on the axis of the run.
/// </remarks>
internal sealed class SizeTable
{
    private readonly LedgerFile _file;
    private readonly TimeAxis _axis;
    private readonly FileChange[] _truncates;
    private readonly FileChange[] _growths;
    private readonly ShiftChain _shifts;
    private readonly int[] _times;
    private readonly ConcurrentDictionary<long, SizeVerdict> _verdicts = new();

    public SizeTable(LedgerFile file, TimeAxis axis)
    {
        (_file, _axis) = (file, axis);
        _truncates = file.Changes.Where(change => change.Kind == ChangeKind.Truncate).ToArray();
        _growths = file.Changes.Where(change => change is { Kind: not ChangeKind.Truncate, ChangesSize: true }).ToArray();
        _shifts = new ShiftChain(file);
        var times = new SortedSet<int> { axis.Start };
        foreach (FileChange change in file.Changes)
        {
            times.Add(axis.From(change));
            times.Add(axis.Until(change));
            times.Add(axis.FailureOver(change));
        }

        times.Remove(int.MaxValue);
        _times = [.. times];
    }

    /// <summary>Whether the change makes the file greater than anything that callers may have seen before it.</summary>
    public static bool SurelyGrows(LedgerFile file, FileChange change)
    {
        if (change.Kind == ChangeKind.Truncate)
            return true;
        if (!change.ChangesSize || !change.IsCertain || file.IsShifted)
            return false;
        return change.EndBytes > MostBefore(file, change);
    }

    /// <summary>The greatest size that the file can have had when the change was called.</summary>
    public static long MostBefore(LedgerFile file, FileChange change)
    {
        long most = 0;
        bool isReplaced = false;
        foreach (FileChange other in file.Changes)
        {
            if (other == change || !other.ChangesSize || !other.Call.Called.IsBefore(change.Call.Called))
                continue;
            if (!IsUndone(file, other, change))
                most = Math.Max(most, other.EndBytes);
            isReplaced |= other.Kind == ChangeKind.Truncate && other.IsBefore(change);
        }

        return isReplaced ? most : Math.Max(most, file.BaselineSizeBytes);
    }

    /// <summary>The verdict on a size; made once for each size.</summary>
    public SizeVerdict Of(long sizeBytes) => _verdicts.TryGetValue(sizeBytes, out SizeVerdict? verdict)
        ? verdict
        : _verdicts.GetOrAdd(sizeBytes, Judge(sizeBytes));

    /// <summary>The sizes at which a file's calls may leave it.</summary>
    public IEnumerable<long> Ends()
    {
        for (int layer = 0; layer <= _shifts.Count; layer++)
        {
            yield return _file.BaselineSizeBytes + _shifts.SizeChange(0, layer);
            foreach (FileChange change in _file.Changes)
            {
                (int first, int last) = _shifts.LayersOf(change);
                for (int madeIn = first; change.ChangesSize && madeIn <= Math.Min(last, layer); madeIn++)
                    yield return change.EndBytes + _shifts.SizeChange(madeIn, layer);
            }
        }
    }

    /// <summary>Why a size is not legal at a time: the write or truncate that forbids it; null where nothing explains the size.</summary>
    public FileChange? ForbiddenBy(long sizeBytes, int time)
    {
        FileChange? by = null;
        foreach (FileChange change in _file.Changes)
        {
            if (!change.ChangesSize || !IsSettled(change, time))
                continue;
            bool isForbidden = change.Kind == ChangeKind.Truncate ? sizeBytes != change.OffsetBytes : sizeBytes < change.EndBytes;
            if (isForbidden && !_truncates.Any(later => change.IsBefore(later) && IsSettled(later, time)))
                by = change;
        }

        return by;
    }

    private SizeVerdict Judge(long sizeBytes)
    {
        var legal = new List<TimeStretch>();
        for (int i = 0; i < _times.Length; i++)
        {
            if (!IsLegal(sizeBytes, _times[i]))
                continue;
            int end = i + 1 < _times.Length ? _times[i + 1] : int.MaxValue;
            if (legal.Count > 0 && legal[^1].Until == _times[i])
                legal[^1] = legal[^1] with { Until = end };
            else
                legal.Add(new TimeStretch(_times[i], end));
        }

        return new SizeVerdict([.. legal], AppendThatEndsAt(sizeBytes));
    }

    private bool IsLegal(long sizeBytes, int time)
    {
        if (_shifts.IsAmbiguous)
            return true;
        for (int layer = 0; layer <= _shifts.Count && (layer == 0 || _axis.From(_shifts.To(layer)) <= time); layer++)
        {
            bool isLeft = layer < _shifts.Count && IsSettled(_shifts.To(layer + 1), time);
            if (!isLeft && IsLegalIn(layer, sizeBytes, time)) // (4)
                return true;
        }

        return false;
    }

    private bool IsLegalIn(int layer, long sizeBytes, int time)
    {
        if (CanBeLast(null, time)
            && IsLegalAfter(null, _file.BaselineSizeBytes + _shifts.SizeChange(0, layer), layer, sizeBytes, time))
            return true;
        foreach (FileChange truncate in _truncates)
        {
            if (_axis.From(truncate) > time || !CanBeLast(truncate, time))
                continue;
            (int first, int last) = _shifts.LayersOf(truncate);
            for (int madeIn = first; madeIn <= Math.Min(last, layer); madeIn++)
            {
                if (IsLegalAfter(truncate, truncate.OffsetBytes + _shifts.SizeChange(madeIn, layer), layer, sizeBytes, time))
                    return true;
            }
        }

        return false;
    }

    private bool CanBeLast(FileChange? truncate, int time) // (1)
    {
        foreach (FileChange later in _truncates)
        {
            if (IsSettled(later, time) && (truncate is null || truncate.IsBefore(later)))
                return false;
        }

        return true;
    }

    private bool IsLegalAfter(FileChange? truncate, long startBytes, int layer, long sizeBytes, int time)
    {
        bool isExplained = sizeBytes == startBytes;
        foreach (FileChange growth in _growths)
        {
            if (truncate is not null && growth.IsBefore(truncate))
                continue;
            (int first, int last) = _shifts.LayersOf(growth);
            bool isAfter = truncate is null || truncate.IsBefore(growth);
            long needed = growth.EndBytes + (first == last && first <= layer ? _shifts.SizeChange(first, layer) : 0);
            if (isAfter && first == last && IsSettled(growth, time) && sizeBytes < needed) // (2)
                return false;
            bool canShow = _axis.From(growth) <= time && _axis.FailureOver(growth) > time;
            for (int madeIn = first; canShow && madeIn <= Math.Min(last, layer); madeIn++)
            {
                long before = sizeBytes - _shifts.SizeChange(madeIn, layer);
                isExplained |= !growth.IsMapped && (before > growth.OffsetBytes || growth.IsBuffered) && before <= growth.EndBytes; // (3)
            }
        }

        return isExplained && sizeBytes >= startBytes;
    }

    private bool IsSettled(FileChange change, int time) => change.IsCertain && _axis.Until(change) <= time;

    private static bool IsUndone(LedgerFile file, FileChange change, FileChange before)
    {
        foreach (FileChange truncate in file.Changes)
        {
            if (truncate.Kind == ChangeKind.Truncate && truncate != change && change.IsBefore(truncate) && truncate.IsBefore(before))
                return true;
        }

        return false;
    }

    /// <summary>Rule 10: the one direct write from which alone the size can come.</summary>
    private FileChange? AppendThatEndsAt(long sizeBytes)
    {
        if (_shifts.Count > 0 || sizeBytes == _file.BaselineSizeBytes || _truncates.Any(truncate => truncate.OffsetBytes == sizeBytes))
            return null;
        FileChange? only = null;
        foreach (FileChange growth in _growths)
        {
            if (growth.IsMapped || (sizeBytes <= growth.OffsetBytes && !growth.IsBuffered) || sizeBytes > growth.EndBytes)
                continue;
            if (only is not null || !growth.IsDirect || growth.Call.IsFailure)
                return null;
            only = growth;
        }

        return only;
    }
}
