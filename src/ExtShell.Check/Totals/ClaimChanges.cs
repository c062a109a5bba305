using ExtShell.Check.Facts;

namespace ExtShell.Check.Totals;

/// <summary>How the claims on blocks differ from the base: gathered claim by claim, then settled into disjoint pieces.</summary>
internal sealed class ClaimChanges(VolumeTotals totals)
{
    private readonly List<(long Block, int Change)> _edges = [];
    private readonly List<ClaimPiece> _pieces = [];

    /// <summary>The pieces in order, once settled.</summary>
    public List<ClaimPiece> Pieces => _pieces;

    /// <summary>Blocks claimed more than in the base, or less.</summary>
    public long BlocksClaimedDelta { get; private set; }

    /// <summary>Inodes of the base that claim a contested block alone no more.</summary>
    public SortedSet<uint> DisturbedInodes { get; } = [];

    /// <summary>Blocks of attributes that somebody else claims now, too.</summary>
    public SortedSet<long> DisturbedAttributes { get; } = [];

    /// <summary>Whether blocks that were contested in the base have changed.</summary>
    public bool ChangesContested { get; private set; }

    /// <summary>Whether any changed piece is contested now.</summary>
    public bool HasContested { get; private set; }

    public void Add(BlockClaim claim, int delta)
    {
        _edges.Add((claim.Block, delta));
        _edges.Add((claim.EndBlock, -delta));
    }

    /// <summary>Turns what was added into <see cref="Pieces"/>.</summary>
    public void Settle()
    {
        if (_edges.Count == 0)
            return;
        _edges.Sort(static (a, b) => a.Block.CompareTo(b.Block));
        int delta = 0;
        for (int i = 0; i < _edges.Count; i++)
        {
            if (delta != 0 && _edges[i - 1].Block < _edges[i].Block)
                Split(_edges[i - 1].Block, _edges[i].Block, delta);
            delta += _edges[i].Change;
        }
    }

    /// <summary>How many of the blocks are contested, and the first of them.</summary>
    public (long Count, long First) Contested(long block, long endBlock)
    {
        (long count, long first) = (0, long.MaxValue);
        ReadOnlySpan<ClaimSegment> segments = totals.Claims.Segments;
        for (int i = totals.Claims.IndexOf(block); i < segments.Length && segments[i].Block < endBlock; i++)
        {
            if (segments[i].Count > 1)
                AddUnchanged(Math.Max(block, segments[i].Block), Math.Min(endBlock, segments[i].EndBlock), ref count, ref first);
        }

        for (int i = IndexOfPiece(block); i < _pieces.Count && _pieces[i].Block < endBlock; i++)
        {
            if (_pieces[i].IsContested)
                Count(Math.Max(block, _pieces[i].Block), Math.Min(endBlock, _pieces[i].EndBlock), ref count, ref first);
        }

        return (count, first);
    }

    private void AddUnchanged(long block, long endBlock, ref long count, ref long first)
    {
        for (int i = IndexOfPiece(block); i < _pieces.Count && _pieces[i].Block < endBlock; i++)
        {
            Count(block, Math.Min(endBlock, _pieces[i].Block), ref count, ref first);
            block = _pieces[i].EndBlock;
        }

        Count(block, endBlock, ref count, ref first);
    }

    private static void Count(long block, long endBlock, ref long count, ref long first)
    {
        if (block >= endBlock)
            return;
        count += endBlock - block;
        first = Math.Min(first, block);
    }

    private void Split(long block, long endBlock, int delta)
    {
        ReadOnlySpan<ClaimSegment> segments = totals.Claims.Segments;
        for (int i = totals.Claims.IndexOf(block); block < endBlock; i++)
        {
            if (i == segments.Length || segments[i].Block >= endBlock)
            {
                AddPiece(new ClaimPiece(block, endBlock, 0, delta));
                return;
            }

            if (segments[i].Block > block)
                AddPiece(new ClaimPiece(block, segments[i].Block, 0, delta));
            long from = Math.Max(block, segments[i].Block);
            long to = Math.Min(endBlock, segments[i].EndBlock);
            AddPiece(new ClaimPiece(from, to, segments[i].Count, segments[i].Count + delta));
            Disturb(segments[i], segments[i].Count + delta);
            block = to;
        }
    }

    private void AddPiece(ClaimPiece piece)
    {
        _pieces.Add(piece);
        HasContested |= piece.IsContested;
        if (piece.CountBefore == 0)
            BlocksClaimedDelta += piece.EndBlock - piece.Block;
        else if (piece.Count == 0)
            BlocksClaimedDelta -= piece.EndBlock - piece.Block;
    }

    private void Disturb(in ClaimSegment segment, int count)
    {
        ChangesContested |= segment.Count > 1;
        if (segment.Count != 1 || count < 2)
            return;
        if (segment.Kind == ClaimKind.Attributes)
            DisturbedAttributes.Add(segment.Block);
        else if (segment.Inode != 0)
            DisturbedInodes.Add(segment.Inode);
    }

    private int IndexOfPiece(long block)
    {
        int low = 0;
        int high = _pieces.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_pieces[middle].EndBlock <= block)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
