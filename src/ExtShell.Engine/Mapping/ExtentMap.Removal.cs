using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Mapping;

public sealed partial class ExtentMap
{
    /// <inheritdoc/>
    public bool Remove(Handle handle, uint fromBlock, uint toExclusiveBlock)
    {
        if (fromBlock >= toExclusiveBlock)
            return true;
        bool hasChanged = false;
        try
        {
            while (TryFindLast(fromBlock, toExclusiveBlock, out int at, out ExtentLeaf entry))
            {
                int needed = CreditsToRemoveAt(_tree.Depth);
                if (hasChanged && handle.CreditsLeft < needed)
                    return false;
                int creditsAfter = Begin(handle, needed);
                Remove(handle, at, entry, fromBlock, toExclusiveBlock);
                hasChanged = true;
                InvariantException.Require(
                    handle.CreditsLeft > creditsAfter, "a change of a block map keeps to its credits, and leaves the inode's"); // (8)
            }

            return true;
        }
        finally
        {
            if (hasChanged)
                _inode.MarkDirty(handle);
        }
    }

    /// <summary>Walks to the last extent that begins before the end of the range, and sees whether it reaches into it.</summary>
    private bool TryFindLast(uint fromBlock, uint toExclusiveBlock, out int at, out ExtentLeaf entry)
    {
        ReadOnlySpan<byte> leaf = _tree.Walk(toExclusiveBlock - 1);
        at = _tree.IndexAt(_tree.Depth);
        entry = at < 0 ? default : ExtentNode.Leaves(leaf)[at];
        return at >= 0 && entry.EndLogicalBlock > fromBlock;
    }

    /// <summary>Frees what an extent has in the range, as far as the last of it is in one group of the volume.</summary>
    private void Remove(Handle handle, int at, in ExtentLeaf entry, uint fromBlock, uint toExclusiveBlock)
    {
        long cutEnd = Math.Min(entry.EndLogicalBlock, toExclusiveBlock);
        long cutBegin = Math.Max(entry.LogicalBlock, fromBlock);
        ExtentLeaf cut = Cut(entry, cutBegin, cutEnd);
        long lastBlock = cut.StartBlock + cut.LengthBlocks - 1;
        long groupBegin = _volume.Geometry.GroupFirstBlock(_volume.Geometry.GroupOfBlock(lastBlock));
        if (cut.StartBlock < groupBegin)
            cut = Cut(cut, cutEnd - (lastBlock + 1 - groupBegin), cutEnd);

        Span<ExtentLeaf> rest = stackalloc ExtentLeaf[MostNewEntries];
        int count = 0;
        if (entry.LogicalBlock < cut.LogicalBlock)
            rest[count++] = Cut(entry, entry.LogicalBlock, cut.LogicalBlock);
        if (cutEnd < entry.EndLogicalBlock)
            rest[count++] = Cut(entry, cutEnd, entry.EndLogicalBlock);
        Replace(handle, at, 1, rest[..count], AllocationUse.MustNotFail);
        _volume.Blocks.Free(handle, cut.StartBlock, cut.LengthBlocks, _inode.ContentUse);
        _inode.ChangeBlocks(-cut.LengthBlocks);
        PullUp(handle);
    }
}
