namespace ExtShell.Lab.Durability;

/// <summary>
/// The collapses and inserts of a file in their order, and where they move what was there: a byte that was at p before them is at another
/// place behind them, and a size is another size.
/// </summary>
/// <remarks>
/// (1) Layer k is the file after its first k shifts. A cut shows the file in some layer, and while a shift is going on each of its blocks
/// in the layer before or in that behind.
/// (2) A change belongs to every layer in which it may have been made: callers that order it with the shifts leave one.
/// (3) Shifts that callers have not ordered have no layers: nothing is said of such a file from the first of them on.
/// (4) A shift that failed did nothing; one that failed with EIO or ENOSPC, or did not return, may have been done in part.
/// </remarks>
internal sealed class ShiftChain
{
    private readonly FileChange[] _shifts;

    public ShiftChain(LedgerFile file)
    {
        _shifts = file.Changes.Where(change => change.Kind == ChangeKind.Shift).ToArray();
        for (int i = 1; i < _shifts.Length; i++)
            IsAmbiguous |= !_shifts[i - 1].Call.IsBefore(_shifts[i].Call);
    }

    /// <summary>How many shifts there are: layers are numbered from 0 to this.</summary>
    public int Count => _shifts.Length;

    /// <summary>Whether callers have not ordered them. (3)</summary>
    public bool IsAmbiguous { get; }

    /// <summary>The first byte that a shift may have moved.</summary>
    public long FirstMovedByte => _shifts.Length == 0 ? long.MaxValue : _shifts.Min(shift => shift.OffsetBytes);

    /// <summary>The shift that leads to a layer from the one before.</summary>
    public FileChange To(int layer) => _shifts[layer - 1];

    /// <summary>The layers in which a change may have been made. (2)</summary>
    public (int First, int Last) LayersOf(FileChange? change)
    {
        if (change is null)
            return (0, 0);
        int first = 0;
        int last = 0;
        foreach (FileChange shift in _shifts)
        {
            first += shift.IsBefore(change) ? 1 : 0;
            last += change.IsBefore(shift) ? 0 : 1;
        }

        return (first, last);
    }

    /// <summary>How the size changes from a layer to a later one.</summary>
    public long SizeChange(int from, int to)
    {
        long change = 0;
        for (int layer = from + 1; layer <= to; layer++)
            change += To(layer).IsInsert ? Length(To(layer)) : -Length(To(layer));
        return change;
    }

    /// <summary>
    /// Where in an earlier layer the byte was that is at a place of a later one; −1 if it is in what was inserted between.
    /// </summary>
    public long Back(long position, int from, int to)
    {
        for (int layer = to; layer > from; layer--)
        {
            FileChange shift = To(layer);
            if (position < shift.OffsetBytes)
                continue;
            if (!shift.IsInsert)
                position += Length(shift);
            else if (position < shift.EndBytes)
                return -1;
            else
                position -= Length(shift);
        }

        return position;
    }

    /// <summary>Where in a later layer the byte is that is at a place of an earlier one; −1 if it was taken out between.</summary>
    public long Forward(long position, int from, int to)
    {
        for (int layer = from + 1; layer <= to; layer++)
        {
            FileChange shift = To(layer);
            if (position < shift.OffsetBytes)
                continue;
            if (shift.IsInsert)
                position += Length(shift);
            else if (position < shift.EndBytes)
                return -1;
            else
                position -= Length(shift);
        }

        return position;
    }

    /// <summary>
    /// Adds a place of a layer to the bounds of segments, there, wherever later shifts move it and wherever it came from.
    /// </summary>
    public void AddBounds(long position, int layer, SortedSet<long> into)
    {
        into.Add(position);
        long before = position;
        for (int to = layer; to > 0 && before >= 0; to--)
        {
            before = Back(before, to - 1, to);
            into.Add(Math.Max(before, 0));
        }

        for (int to = layer + 1; to <= Count; to++)
        {
            FileChange shift = To(to);
            if (position < shift.OffsetBytes)
                continue;
            position = shift.IsInsert ? position + Length(shift) : Math.Max(shift.OffsetBytes, position - Length(shift));
            into.Add(position);
        }
    }

    /// <summary>Adds the bounds of the shifts themselves.</summary>
    public void AddOwnBounds(SortedSet<long> into)
    {
        for (int layer = 1; layer <= Count; layer++)
        {
            AddBounds(To(layer).OffsetBytes, layer - 1, into);
            AddBounds(To(layer).OffsetBytes, layer, into);
            AddBounds(To(layer).EndBytes, layer - 1, into);
            AddBounds(To(layer).EndBytes, layer, into);
        }
    }

    private static long Length(FileChange shift) => shift.EndBytes - shift.OffsetBytes;
}
