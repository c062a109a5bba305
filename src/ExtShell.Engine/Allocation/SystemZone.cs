using ExtShell.Format.Layout;

namespace ExtShell.Engine.Allocation;

/// <summary>
/// The blocks that belong to the volume itself: superblock, descriptors and their copies, bitmaps, inode tables, and the journal once it
/// was added. No file may map them and nobody frees them; an image that says otherwise is damaged.
/// </summary>
public sealed class SystemZone
{
    private readonly List<BlockRun> _runs = [];

    /// <summary>The zone that the descriptors describe.</summary>
    public SystemZone(VolumeGeometry geometry, GroupTable groups)
    {
        for (int group = 0; group < geometry.GroupCount; group++)
        {
            Append(geometry.GroupFirstBlock(group), Math.Min(geometry.BaseMetadataBlocksCount(group), geometry.BlocksInGroup(group)));
            Append(groups.BlockBitmapBlock(group), 1);
            Append(groups.InodeBitmapBlock(group), 1);
            Append(groups.InodeTableBlock(group), geometry.InodeTableBlocksCount);
        }

        Normalise();
    }

    /// <summary>Adds blocks, such as the journal's.</summary>
    public void Add(IEnumerable<BlockRun> runs)
    {
        foreach (BlockRun run in runs)
            Append(run.FirstBlock, run.LengthBlocks);
        Normalise();
    }

    /// <summary>Whether any of the blocks is in the zone.</summary>
    public bool Overlaps(long firstBlock, long lengthBlocks)
    {
        int low = FirstEndingBehind(firstBlock);
        return low < _runs.Count && _runs[low].FirstBlock < firstBlock + lengthBlocks;
    }

    /// <summary>The parts of the zone inside a range of blocks, in order.</summary>
    internal void CopyOverlaps(long firstBlock, int lengthBlocks, List<BlockRun> overlaps)
    {
        overlaps.Clear();
        long end = firstBlock + lengthBlocks;
        for (int i = FirstEndingBehind(firstBlock); i < _runs.Count && _runs[i].FirstBlock < end; i++)
        {
            long from = Math.Max(firstBlock, _runs[i].FirstBlock);
            overlaps.Add(new BlockRun(from, (int)(Math.Min(end, _runs[i].EndBlock) - from)));
        }
    }

    private int FirstEndingBehind(long block)
    {
        int low = 0;
        int high = _runs.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_runs[middle].EndBlock <= block)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void Append(long firstBlock, int lengthBlocks)
    {
        if (lengthBlocks > 0)
            _runs.Add(new BlockRun(firstBlock, lengthBlocks));
    }

    /// <summary>Sorts the runs and joins those that touch or overlap.</summary>
    private void Normalise()
    {
        _runs.Sort(static (left, right) => left.FirstBlock.CompareTo(right.FirstBlock));
        int last = -1;
        for (int i = 0; i < _runs.Count; i++)
        {
            BlockRun run = _runs[i];
            if (last >= 0 && run.FirstBlock <= _runs[last].EndBlock && run.EndBlock - _runs[last].FirstBlock <= int.MaxValue)
                _runs[last] = new BlockRun(
                    _runs[last].FirstBlock, (int)(Math.Max(run.EndBlock, _runs[last].EndBlock) - _runs[last].FirstBlock));
            else
                _runs[++last] = run;
        }

        _runs.RemoveRange(last + 1, _runs.Count - last - 1);
    }
}
