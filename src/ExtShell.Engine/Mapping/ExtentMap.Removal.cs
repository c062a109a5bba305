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
            do
            {
                int creditsAfter = Begin(handle, CreditsToRemoveAt(_tree.Depth));
                if (!TryRemoveLast(handle, fromBlock, toExclusiveBlock))
                    return true;
                hasChanged = true;
                InvariantException.Require(handle.CreditsLeft > creditsAfter, "a change of a block map keeps to its credits, and leaves the inode's"); // (8)
            }
            while (handle.CreditsLeft >= CreditsToRemoveAt(_tree.Depth));

            return false;
        }
        finally
        {
            if (hasChanged)
                _inode.MarkDirty(handle);
        }
    }

    /// <summary>Frees the last run of the range that is mapped, as far as it is in one group of the volume. False if nothing is mapped there.</summary>
    private bool TryRemoveLast(Handle handle, uint fromBlock, uint toExclusiveBlock)
    {
        ReadOnlySpan<byte> leaf = _tree.Walk(toExclusiveBlock - 1);
        int at = _tree.IndexAt(_tree.Depth);
        if (at < 0)
            return false;
        ExtentLeaf entry = ExtentNode.Leaves(leaf)[at];
        if (entry.EndLogicalBlock <= fromBlock)
            return false;

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
        return true;
    }
}
