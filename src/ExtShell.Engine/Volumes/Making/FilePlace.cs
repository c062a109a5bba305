using ExtShell.Format.Errors;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>Where the blocks of a file that the volume is made with stand: the data, and the blocks of its map.</summary>
internal sealed class FilePlace
{
    private readonly List<(uint Logical, long First, int Length)> _extents = [];
    private readonly List<long> _mapBlocks = [];

    /// <summary>The data, in the file's order.</summary>
    public IReadOnlyList<(uint Logical, long First, int Length)> Extents => _extents;

    /// <summary>Blocks of the map (leaves of the extent tree, or pointer blocks), in the order in which they were claimed.</summary>
    public IReadOnlyList<long> MapBlocks => _mapBlocks;

    /// <summary>Blocks of data.</summary>
    public int LengthBlocks { get; private set; }

    /// <summary>Data and map together.</summary>
    public long SpaceBlocks => LengthBlocks + (long)_mapBlocks.Count;

    /// <summary>The block of the volume that holds a block of the file.</summary>
    public long Physical(int logicalBlock)
    {
        foreach ((uint logical, long first, int length) in _extents)
        {
            if (logicalBlock < logical + length)
                return first + (logicalBlock - logical);
        }

        throw new InvariantException("a block of a made file lies inside the file");
    }

    /// <summary>
    /// Claims a file that has an extent tree: free runs from the goal on, at most 32,768 blocks to an extent. When the root's four entries
    /// are full, the tree's leaf is claimed right before the data, or where the next free block is.
    /// </summary>
    public static FilePlace ByExtents(SpaceClaims space, long goal, int lengthBlocks, int blockSizeBytes)
    {
        int perLeaf = Format.OnDisk.ExtentHeader.BlockMaxEntriesCount(blockSizeBytes);
        var place = new FilePlace();
        while (place.LengthBlocks < lengthBlocks)
        {
            long first = space.FindFree(goal);
            int most = Math.Min(lengthBlocks - place.LengthBlocks, Format.OnDisk.ExtentLeaf.MaxWrittenLengthBlocks);
            int length = (int)Math.Min(space.FreeLengthAt(first), most);
            place.ClaimData(space, first, length);
            int leaves = place._extents.Count <= Format.OnDisk.ExtentHeader.RootMaxEntriesCount
                ? 0
                : (place._extents.Count + perLeaf - 1) / perLeaf;
            if (leaves > Format.OnDisk.ExtentHeader.RootMaxEntriesCount)
                throw new FileSystemException(
                    Errno.ENOSPC, "make a volume", $"free space is in too many pieces for a file of {lengthBlocks} blocks");
            if (leaves > place._mapBlocks.Count)
                place.ClaimMap(space, place._extents[0].First - 1);
            goal = first + length;
        }

        return place;
    }

    /// <summary>Claims a file that has a block map: data and pointer blocks in the order in which a writer needs them.</summary>
    public static FilePlace ByBlockMap(SpaceClaims space, long goal, int lengthBlocks, int blockSizeBytes)
    {
        var place = new FilePlace();
        foreach ((int pointerBlocks, int dataBlocks) in BlockMapSteps.For(lengthBlocks, blockSizeBytes / 4))
        {
            for (int i = 0; i < pointerBlocks; i++)
                goal = place.ClaimMap(space, goal) + 1;
            for (int rest = dataBlocks; rest > 0;)
            {
                long first = space.FindFree(goal);
                int length = (int)Math.Min(space.FreeLengthAt(first), rest);
                place.ClaimData(space, first, length);
                goal = first + length;
                rest -= length;
            }
        }

        return place;
    }

    private void ClaimData(SpaceClaims space, long first, int length)
    {
        space.Claim(first, length);
        _extents.Add(((uint)LengthBlocks, first, length));
        LengthBlocks += length;
    }

    private long ClaimMap(SpaceClaims space, long goal)
    {
        long block = space.FindFree(goal);
        space.Claim(block, 1);
        _mapBlocks.Add(block);
        return block;
    }
}
