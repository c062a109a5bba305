using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Mapping;

public sealed partial class IndirectMap
{
    /// <summary>Data and three new indirect blocks, each of a group of its own; the new blocks; the array above them; the inode.</summary>
    private const int CreditsToMapRun =
        ((IndirectTree.MaxDepth + 1) * BlockAllocator.CreditsToAllocate) + IndirectTree.MaxDepth + 1;

    /// <inheritdoc/>
    public BlockMapping Allocate(
        Handle handle, uint logicalBlock, int lengthBlocks, MappingState state, AllocationUse use = AllocationUse.None)
    {
        InvariantException.Require(
            state != MappingState.Hole && lengthBlocks > 0, "blocks are allocated written or unwritten, and at least one");
        if (state == MappingState.Unwritten)
            throw new FileSystemException(
                Errno.EOPNOTSUPP, $"map blocks of inode {_inode.Number}", "a block map has no unwritten state"); // (6)
        if (logicalBlock >= _tree.Reach)
            throw new FileSystemException(Errno.EFBIG, $"map blocks of inode {_inode.Number}", $"a block map ends at block {_tree.Reach}");
        int creditsAfter = Begin(handle, CreditsToMapRun);
        BlockMapping hole = Lookup(logicalBlock, lengthBlocks);
        InvariantException.Require(!hole.IsMapped, "blocks are allocated for a hole");
        int slot = _tree.SlotOf(_tree.Depth, logicalBlock);
        int room = (_tree.Depth == 0 ? IndirectTree.DirectCount : _volume.Geometry.BlockSizeBytes / sizeof(uint)) - slot;

        Span<long> arrays = stackalloc long[_tree.Depth - _tree.Reached];
        BlockRun run = AllocateBlocks(handle, arrays, Math.Min(hole.LengthBlocks, room), use); // (1)
        Link(handle, logicalBlock, arrays, run);
        _inode.ChangeBlocks(arrays.Length + run.LengthBlocks); // (4)
        _inode.MarkDirty(handle);
        RequireCredits(handle, creditsAfter);
        return new BlockMapping(logicalBlock, run.FirstBlock, run.LengthBlocks, MappingState.Written);
    }

    /// <summary>
    /// Blocks for the arrays that are missing, from the top, and behind them those of the data. Where the data's blocks were promised, the
    /// arrays' must not fail either: the promise was of data that is in the page cache by now.
    /// </summary>
    private BlockRun AllocateBlocks(Handle handle, Span<long> arrays, int wantedBlocks, AllocationUse use)
    {
        long goal = FindGoal();
        AllocationUse useForArrays = (use & AllocationUse.Reserved) != 0 ? AllocationUse.MustNotFail : use;
        int count = 0;
        try
        {
            for (; count < arrays.Length; count++)
            {
                arrays[count] = AllocateLow(handle, goal, 1, useForArrays).FirstBlock;
                goal = arrays[count] + 1;
            }

            return AllocateLow(handle, goal, wantedBlocks, use);
        }
        catch (FileSystemException)
        {
            while (count > 0)
                _volume.Blocks.Return(handle, new BlockRun(arrays[--count], 1)); // (1)
            throw;
        }
    }

    private BlockRun AllocateLow(Handle handle, long goal, int wantedBlocks, AllocationUse use)
    {
        BlockRun run = _volume.Blocks.Allocate(handle, goal, wantedBlocks, use);
        if (run.EndBlock - 1 <= uint.MaxValue)
            return run;
        _volume.Blocks.Return(handle, run, use); // (7)
        throw new FileSystemException(
            Errno.ENOSPC, $"map blocks of inode {_inode.Number}", "no block is free whose number fits into a block map");
    }

    /// <summary>Puts the run into the array of the last walk, or into new ones below it. (2)</summary>
    private void Link(Handle handle, long logicalBlock, ReadOnlySpan<long> arrays, BlockRun run)
    {
        (long first, int count) = (run.FirstBlock, run.LengthBlocks);
        for (int i = arrays.Length - 1; i >= 0; i--)
        {
            _tree.Create(handle, arrays[i], _tree.SlotOf(_tree.Reached + 1 + i, logicalBlock), first, count);
            (first, count) = (arrays[i], 1);
        }

        _tree.Store(handle, _tree.Reached, _tree.SlotAt(_tree.Reached), first, count);
    }

    /// <summary>
    /// Where blocks for the hole that the last walk found should be: where they would be if the data before it in its array went on; next
    /// to that what the array has before it; next to the array; else where the inode says.
    /// </summary>
    private long FindGoal()
    {
        int level = _tree.Reached;
        int slot = _tree.SlotAt(level);
        int before = _tree.FindLastUsed(level, 0, slot - 1);
        if (before >= 0)
            return _tree.NumberAt(level, before) + (level == _tree.Depth ? slot - before : 1L);
        return level > 0 ? _tree.BlockAt(level) + 1 : _inode.AllocationGoal;
    }
}
