using ExtShell.Check.Facts;

namespace ExtShell.Check.Totals;

/// <summary>
/// Who claims which block: all claims, cut into disjoint segments in order. Where one claim covers a segment its owner is known; where
/// several do, their number, so that hostile claims cost no more than honest ones.
/// </summary>
internal sealed class ClaimMap
{
    private readonly ClaimSegment[] _segments;

    private ClaimMap(ClaimSegment[] segments, long blocksClaimed)
    {
        _segments = segments;
        BlocksClaimed = blocksClaimed;
    }

    /// <summary>Blocks that somebody claims.</summary>
    public long BlocksClaimed { get; }

    public ReadOnlySpan<ClaimSegment> Segments => _segments;

    /// <summary>Builds the map.</summary>
    public static ClaimMap Of(List<(BlockClaim Claim, uint Inode)> claims)
    {
        // At each edge the number of claims changes, and by exclusive or the owner and kind of the only claim that is left.
        var edges = new (long Block, int Change, uint Inode, ClaimKind Kind)[claims.Count * 2];
        int next = 0;
        foreach ((BlockClaim claim, uint inode) in claims)
        {
            edges[next++] = (claim.Block, 1, inode, claim.Kind);
            edges[next++] = (claim.EndBlock, -1, inode, claim.Kind);
        }

        Array.Sort(edges, static (a, b) => a.Block.CompareTo(b.Block));
        var segments = new List<ClaimSegment>(claims.Count);
        (int count, uint owners, ClaimKind kinds, long blocks) = (0, 0u, 0, 0);
        for (int i = 0; i < edges.Length; i++)
        {
            (long block, int change, uint inode, ClaimKind kind) = edges[i];
            if (count > 0 && edges[i - 1].Block < block)
            {
                segments.Add(new ClaimSegment(edges[i - 1].Block, block, count, owners, kinds));
                blocks += block - edges[i - 1].Block;
            }

            count += change;
            owners ^= inode;
            kinds ^= kind;
        }

        return new ClaimMap([.. segments], blocks);
    }

    /// <summary>The index of the first segment that ends behind <paramref name="block"/>.</summary>
    public int IndexOf(long block)
    {
        int low = 0;
        int high = _segments.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_segments[middle].EndBlock <= block)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Sets the bits of the group's blocks that somebody claims.</summary>
    public void Fill(Span<byte> bitmap, long firstBlock, int lengthBlocks)
    {
        for (int i = IndexOf(firstBlock); i < _segments.Length && _segments[i].Block < firstBlock + lengthBlocks; i++)
        {
            int from = (int)Math.Max(0, _segments[i].Block - firstBlock);
            int to = (int)Math.Min(lengthBlocks, _segments[i].EndBlock - firstBlock);
            Bits.Set(bitmap, from, to - from);
        }
    }
}
