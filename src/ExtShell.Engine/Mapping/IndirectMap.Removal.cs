using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;

namespace ExtShell.Engine.Mapping;

public sealed partial class IndirectMap
{
    /// <summary>
    /// A run inside one group and three indirect blocks, each of a group of its own; or fewer, and the array above them; the inode.
    /// </summary>
    private const int CreditsToRemoveRun = ((IndirectTree.MaxDepth + 1) * BlockAllocator.CreditsToFree) + 1;

    /// <inheritdoc/>
    public bool Remove(Handle handle, uint fromBlock, uint toExclusiveBlock)
    {
        long end = Math.Min(toExclusiveBlock, _tree.Reach);
        bool hasChanged = false;
        try
        {
            while (TryFindLast(fromBlock, ref end))
            {
                if (hasChanged && handle.CreditsLeft < CreditsToRemoveRun)
                    return false;
                int creditsAfter = Begin(handle, CreditsToRemoveRun);
                hasChanged = true;
                RemoveLast(handle, fromBlock, end);
                RequireCredits(handle, creditsAfter + 1); // the inode's
            }

            return true;
        }
        finally
        {
            if (hasChanged)
                _inode.MarkDirty(handle);
        }
    }

    /// <summary>
    /// Walks to the last block in the range that is mapped, or to an indirect block without numbers on the way there.
    /// </summary>
    /// <param name="fromBlock">Where the range begins.</param>
    /// <param name="end">Where it ends; then the end of what was found, behind which all is a hole.</param>
    private bool TryFindLast(uint fromBlock, ref long end)
    {
        while (end > fromBlock)
        {
            _tree.Walk(end - 1);
            int level = _tree.Reached;
            int first = Math.Max(_tree.SlotsAt(level).First, _tree.SlotBegin(level, 0) >= fromBlock ? 0 : SlotAtOrAfter(level, fromBlock));
            int last = _tree.FindLastUsed(level, first, _tree.SlotAt(level));
            if (last < 0 && level > 0 && _tree.IsEmptyBut(level, 0, 0))
                return true; // (3)
            end = last < 0 ? _tree.SlotBegin(level, first) : Math.Min(end, _tree.SlotBegin(level, last + 1));
            if (last >= 0 && level == _tree.Depth)
            {
                _tree.Walk(end - 1);
                return true;
            }
        }

        return false;
    }

    /// <summary>The slot of an array in which a block of the file is that lies behind the array's begin.</summary>
    private int SlotAtOrAfter(int level, uint block) => (int)((block - _tree.SlotBegin(level, 0)) / _tree.SpanAt(level));

    /// <summary>
    /// Frees what the last walk has led to: the end of a run, as far as it is in one group of the volume, or an empty indirect block.
    /// </summary>
    private void RemoveLast(Handle handle, uint fromBlock, long end)
    {
        int level = _tree.Reached;
        int last = _tree.SlotAt(level);
        long block = level == _tree.Depth ? _tree.NumberAt(level, last) : 0;
        if (block == 0)
        {
            Clear(handle, level, 0, 0);
            return;
        }

        int least = Math.Max(_tree.SlotsAt(level).First, last - (int)Math.Min(end - 1 - fromBlock, last));
        int group = _volume.Geometry.IsBlockRange(block, 1) ? _volume.Geometry.GroupOfBlock(block) : -1;
        int first = last;
        while (first > least && _tree.NumberAt(level, first - 1) == block - 1 && _volume.Geometry.IsBlockRange(block - 1, 1)
            && _volume.Geometry.GroupOfBlock(block - 1) == group)
        {
            first--;
            block--;
        }

        int count = last - first + 1;
        _tree.Check(level, first, block, count);
        Clear(handle, level, first, count);
        _volume.Blocks.Free(handle, block, count, _inode.ContentUse);
        _inode.ChangeBlocks(-count);
    }

    /// <summary>
    /// Clears slots of an array of the last walk; arrays in which nothing is left then are freed, and their slot above is cleared. (3)
    /// </summary>
    private void Clear(Handle handle, int level, int first, int count)
    {
        for (; level > 0 && _tree.IsEmptyBut(level, first, count); level--)
        {
            _volume.Blocks.Free(handle, _tree.BlockAt(level), 1, BlockUse.Metadata);
            _inode.ChangeBlocks(-1); // (4)
            (first, count) = (_tree.SlotAt(level - 1), 1);
        }

        _tree.Clear(handle, level, first, count);
    }
}
