using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Mapping;

public sealed partial class ExtentMap
{
    /// <inheritdoc/>
    public BlockMapping Allocate(
        Handle handle, uint logicalBlock, int lengthBlocks, MappingState state, AllocationUse use = AllocationUse.None)
    {
        InvariantException.Require(
            state != MappingState.Hole && lengthBlocks > 0, "blocks are allocated written or unwritten, and at least one");
        int creditsAfter = Begin(handle, CreditsToMapAt(_tree.Depth));
        BlockMapping hole = Lookup(logicalBlock, lengthBlocks);
        InvariantException.Require(!hole.IsMapped, "blocks are allocated for a hole");
        bool isUnwritten = state == MappingState.Unwritten;
        int wanted = Math.Min(hole.LengthBlocks, isUnwritten ? ExtentLeaf.MaxUnwrittenLengthBlocks : ExtentLeaf.MaxWrittenLengthBlocks);

        BlockRun run = _volume.Blocks.Allocate(handle, FindGoal(logicalBlock), wanted, use);
        try
        {
            InsertMerged(handle, ExtentLeaf.Of(logicalBlock, run.LengthBlocks, run.FirstBlock, isUnwritten), use);
        }
        catch (FileSystemException)
        {
            _volume.Blocks.Return(handle, run, use); // (1)
            throw;
        }

        _inode.ChangeBlocks(run.LengthBlocks);
        Finish(handle, creditsAfter);
        return new BlockMapping(logicalBlock, run.FirstBlock, run.LengthBlocks, state);
    }

    /// <inheritdoc/>
    public BlockMapping ConvertToWritten(Handle handle, uint logicalBlock, int lengthBlocks)
    {
        BlockMapping now = Lookup(logicalBlock, lengthBlocks);
        return now.State == MappingState.Unwritten ? Convert(handle, now, MappingState.Written, AllocationUse.MustNotFail) : now;
    }

    /// <summary>
    /// Makes written blocks unwritten: those from <paramref name="logicalBlock"/> on that one extent maps, and at most as many as an
    /// unwritten extent may have. As <see cref="ConvertToWritten"/> it returns what is not written as it is.
    /// </summary>
    /// <param name="handle">Has <see cref="CreditsToConvert"/> credits.</param>
    /// <param name="logicalBlock">The first block of the file.</param>
    /// <param name="lengthBlocks">How many at most.</param>
    /// <exception cref="FileSystemException">ENOSPC: a split needs a tree block.</exception>
    public BlockMapping ConvertToUnwritten(Handle handle, uint logicalBlock, int lengthBlocks)
    {
        BlockMapping now = Lookup(logicalBlock, Math.Min(lengthBlocks, ExtentLeaf.MaxUnwrittenLengthBlocks));
        return now.State == MappingState.Written ? Convert(handle, now, MappingState.Unwritten, AllocationUse.Privileged) : now;
    }

    /// <summary>Changes the state of what the last walk found.</summary>
    private BlockMapping Convert(Handle handle, in BlockMapping now, MappingState state, AllocationUse use)
    {
        int creditsAfter = Begin(handle, CreditsToConvertAt(_tree.Depth));
        ReadOnlySpan<ExtentLeaf> entries = ExtentNode.Leaves(_tree.Node(_tree.Depth));
        int at = _tree.IndexAt(_tree.Depth);
        int removed = 1;
        ExtentLeaf whole = entries[at];
        ExtentLeaf middle = ExtentLeaf.Of(now.LogicalBlock, now.LengthBlocks, now.PhysicalBlock, state == MappingState.Unwritten);

        Span<ExtentLeaf> pieces = stackalloc ExtentLeaf[MostNewEntries];
        int count = 0;
        if (whole.LogicalBlock < now.LogicalBlock)
        {
            pieces[count++] = Cut(whole, whole.LogicalBlock, now.LogicalBlock);
        }
        else if (at > 0 && TryMerge(entries[at - 1], middle, out ExtentLeaf merged))
        {
            middle = merged;
            at--;
            removed++;
        }

        int middleAt = count++;
        if (now.EndLogicalBlock < whole.EndLogicalBlock)
        {
            pieces[count++] = Cut(whole, now.EndLogicalBlock, whole.EndLogicalBlock);
        }
        else if (at + removed < entries.Length && TryMerge(middle, entries[at + removed], out ExtentLeaf merged))
        {
            middle = merged;
            removed++;
        }

        pieces[middleAt] = middle;
        Replace(handle, at, removed, pieces[..count], use);
        Finish(handle, creditsAfter);
        return now with { State = state };
    }

    /// <inheritdoc/>
    public void SplitAt(Handle handle, uint logicalBlock, int lengthBlocks)
    {
        int creditsAfter = Begin(handle, CreditsToConvertAt(_tree.Depth));
        bool hasSplit = SplitBefore(handle, logicalBlock, logicalBlock + (long)lengthBlocks);
        hasSplit |= SplitBefore(handle, logicalBlock + (long)lengthBlocks, long.MaxValue);
        if (hasSplit)
            Finish(handle, creditsAfter);
    }

    /// <summary>
    /// Splits the unwritten extent in which <paramref name="first"/> is before it, and in the same go before <paramref name="second"/> if
    /// that is in it too. (3)
    /// </summary>
    private bool SplitBefore(Handle handle, long first, long second)
    {
        if (first >= uint.MaxValue || Lookup((uint)first, 1).State != MappingState.Unwritten)
            return false;
        int at = _tree.IndexAt(_tree.Depth);
        ExtentLeaf whole = ExtentNode.Leaves(_tree.Node(_tree.Depth))[at];
        Span<ExtentLeaf> pieces = stackalloc ExtentLeaf[MostNewEntries];
        int count = 0;
        long from = whole.LogicalBlock;
        if (from < first)
        {
            pieces[count++] = Cut(whole, from, first);
            from = first;
        }

        if (second < whole.EndLogicalBlock)
        {
            pieces[count++] = Cut(whole, from, second);
            from = second;
        }

        pieces[count++] = Cut(whole, from, whole.EndLogicalBlock);
        if (count == 1)
            return false;
        Replace(handle, at, 1, pieces[..count], AllocationUse.Privileged);
        return true;
    }

    /// <summary>
    /// Puts a new extent into the hole that the last walk found. Where its blocks were promised, tree blocks must not fail either: the
    /// promise was of data that is in the page cache by now.
    /// </summary>
    private void InsertMerged(Handle handle, ExtentLeaf entry, AllocationUse use)
    {
        ReadOnlySpan<ExtentLeaf> entries = ExtentNode.Leaves(_tree.Node(_tree.Depth));
        int at = _tree.IndexAt(_tree.Depth) + 1;
        int removed = 0;
        if (at > 0 && TryMerge(entries[at - 1], entry, out ExtentLeaf merged))
        {
            entry = merged;
            at--;
            removed++;
        }

        if (at + removed < entries.Length && TryMerge(entry, entries[at + removed], out merged))
        {
            entry = merged;
            removed++;
        }

        Replace(handle, at, removed, [entry], (use & AllocationUse.Reserved) != 0 ? AllocationUse.MustNotFail : use);
    }

    /// <summary>
    /// Where blocks for the hole that the last walk found should be: where they would be if the extent before went on, or the one behind
    /// began earlier; else next to the leaf; else where the inode says.
    /// </summary>
    private long FindGoal(uint logicalBlock)
    {
        int depth = _tree.Depth;
        ReadOnlySpan<ExtentLeaf> entries = ExtentNode.Leaves(_tree.Node(depth));
        int index = _tree.IndexAt(depth);
        if (index >= 0)
            return entries[index].StartBlock + (logicalBlock - entries[index].LogicalBlock.Value);
        if (entries.Length > 0 && entries[0].StartBlock > entries[0].LogicalBlock.Value - logicalBlock)
            return entries[0].StartBlock - (entries[0].LogicalBlock.Value - logicalBlock);
        return depth > 0 ? _tree.NodeBlock(depth) : _inode.AllocationGoal;
    }

    /// <summary>
    /// Sees to it that a change begins with the credits that it may need, and returns how many must be left when it ends. (8)
    /// </summary>
    private static int Begin(Handle handle, int needed)
    {
        int missing = needed - handle.CreditsLeft;
        InvariantException.Require(
            missing <= 0 || handle.TryExtend(missing), "a change of a block map begins with the credits that it needs");
        return handle.CreditsLeft - needed;
    }

    private void Finish(Handle handle, int creditsAfter)
    {
        PullUp(handle);
        _inode.MarkDirty(handle);
        InvariantException.Require(handle.CreditsLeft >= creditsAfter, "a change of a block map keeps to its credits"); // (8)
    }
}
