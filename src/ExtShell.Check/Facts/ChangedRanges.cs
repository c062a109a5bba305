namespace ExtShell.Check.Facts;

/// <summary>The ranges of a state that may differ from the base, sorted and merged.</summary>
internal sealed class ChangedRanges
{
    private readonly ByteRange[] _ranges;

    public ChangedRanges(ReadOnlySpan<ByteRange> ranges)
    {
        ByteRange[] sorted = ranges.ToArray();
        Array.Sort(sorted, static (a, b) => a.OffsetBytes.CompareTo(b.OffsetBytes));
        int count = 0;
        foreach (ByteRange range in sorted)
        {
            if (range.LengthBytes <= 0)
                continue;
            if (count > 0 && range.OffsetBytes <= sorted[count - 1].EndBytes)
            {
                ByteRange last = sorted[count - 1];
                sorted[count - 1] = last with { LengthBytes = Math.Max(last.EndBytes, range.EndBytes) - last.OffsetBytes };
            }
            else
                sorted[count++] = range;
        }

        _ranges = count == sorted.Length ? sorted : sorted[..count];
    }

    public ReadOnlySpan<ByteRange> Ranges => _ranges;

    /// <summary>Whether any byte of the range may differ.</summary>
    public bool Touches(long offsetBytes, long lengthBytes)
    {
        int low = 0;
        int high = _ranges.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].EndBytes <= offsetBytes)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _ranges.Length && _ranges[low].OffsetBytes < offsetBytes + lengthBytes;
    }
}
