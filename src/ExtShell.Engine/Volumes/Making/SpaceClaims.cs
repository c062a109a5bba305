using ExtShell.Format.Errors;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>
/// Which blocks of a volume that is being made are taken: sorted runs, so that the cost follows what is laid out and not the volume's size.
/// </summary>
/// <remarks>
/// (1) Runs are disjoint, sorted, and never touch: neighbours are merged.
/// (2) A block is claimed once.
/// </remarks>
internal sealed class SpaceClaims
{
    private readonly List<(long First, long Length)> _runs = [];
    private readonly long _first;
    private readonly long _end;

    /// <summary>Blocks from <paramref name="firstBlock"/> up to <paramref name="endBlock"/>, all free.</summary>
    public SpaceClaims(long firstBlock, long endBlock) => (_first, _end) = (firstBlock, endBlock);

    /// <summary>How many blocks are taken.</summary>
    public long ClaimedCount { get; private set; }

    /// <summary>Takes blocks that are free.</summary>
    public void Claim(long first, long length)
    {
        if (length == 0)
            return;
        int next = RunFrom(first);
        long end = first + length;
        InvariantException.Require(
            first >= _first && end <= _end
            && (next == 0 || EndOf(next - 1) <= first)
            && (next == _runs.Count || end <= _runs[next].First),
            "a block that is laid out lies on the volume and is free"); // (2)
        ClaimedCount += length;
        bool joinsBefore = next > 0 && EndOf(next - 1) == first;
        bool joinsAfter = next < _runs.Count && _runs[next].First == end; // (1)
        if (joinsBefore && joinsAfter)
        {
            _runs[next - 1] = (_runs[next - 1].First, _runs[next - 1].Length + length + _runs[next].Length);
            _runs.RemoveAt(next);
        }
        else if (joinsBefore)
        {
            _runs[next - 1] = (_runs[next - 1].First, _runs[next - 1].Length + length);
        }
        else if (joinsAfter)
        {
            _runs[next] = (first, length + _runs[next].Length);
        }
        else
        {
            _runs.Insert(next, (first, length));
        }
    }

    /// <summary>The first free block at or behind <paramref name="goal"/>, else the volume's first free block.</summary>
    /// <exception cref="FileSystemException">ENOSPC: none is free.</exception>
    public long FindFree(long goal) => FindFree(goal, 1);

    /// <summary>
    /// The first <paramref name="length"/> free blocks in a row at or behind <paramref name="goal"/>, else the volume's first.
    /// </summary>
    /// <exception cref="FileSystemException">ENOSPC: there is no such run.</exception>
    public long FindFree(long goal, long length)
    {
        long found = FindFreeBehind(Math.Max(goal, _first), length);
        if (found < 0)
            found = FindFreeBehind(_first, length);
        return found >= 0
            ? found
            : throw new FileSystemException(Errno.ENOSPC, "make a volume", $"no {length} blocks in a row are free for its metadata");
    }

    /// <summary>How many blocks are free from <paramref name="block"/> on, which is free itself.</summary>
    public long FreeLengthAt(long block)
    {
        int next = RunFrom(block);
        return (next < _runs.Count ? _runs[next].First : _end) - block;
    }

    /// <summary>How many blocks of the range are taken.</summary>
    public int ClaimedIn(long first, long end)
    {
        long claimed = 0;
        foreach ((long runFirst, long runLength) in RunsIn(first, end))
            claimed += runLength;
        return (int)claimed;
    }

    /// <summary>The parts of the range that are taken.</summary>
    public IEnumerable<(long First, long Length)> RunsIn(long first, long end)
    {
        int index = RunFrom(first);
        if (index > 0 && EndOf(index - 1) > first)
            index--;
        for (; index < _runs.Count && _runs[index].First < end; index++)
        {
            long from = Math.Max(first, _runs[index].First);
            yield return (from, Math.Min(end, EndOf(index)) - from);
        }
    }

    /// <summary>The parts of the volume that are free, in order.</summary>
    public IEnumerable<(long First, long Length)> FreeRuns()
    {
        long from = _first;
        foreach ((long first, long length) in _runs)
        {
            if (first > from)
                yield return (from, first - from);
            from = first + length;
        }

        if (_end > from)
            yield return (from, _end - from);
    }

    private long FindFreeBehind(long from, long length)
    {
        int index = RunFrom(from);
        if (index > 0 && EndOf(index - 1) > from)
            from = EndOf(index - 1);
        for (; index < _runs.Count && _runs[index].First - from < length; index++)
            from = EndOf(index);
        return _end - from >= length ? from : -1;
    }

    private long EndOf(int index) => _runs[index].First + _runs[index].Length;

    /// <summary>The index of the first run that begins at or behind the block.</summary>
    private int RunFrom(long block)
    {
        int low = 0;
        for (int high = _runs.Count; low < high;)
        {
            int middle = (low + high) / 2;
            if (_runs[middle].First < block)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
