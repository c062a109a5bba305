using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Mapping;

/// <remarks>
/// Shifting moves entries to other blocks of the file, a leaf at a time, and leaves the volume's blocks where they are. Each step is whole
/// under its handle: between two steps some entries are where they were and the others where they go, none is in both places.
/// (9) Towards the beginning the first entries move first, towards the end the last: no entry ever reaches over another.
/// </remarks>
public sealed partial class ExtentMap
{
    /// <summary>
    /// Moves what is mapped from a block on towards the beginning of the file, a leaf of it. The blocks just before, as many as it moves
    /// by, are a hole.
    /// </summary>
    /// <param name="handle">Has <see cref="CreditsToShift"/> credits.</param>
    /// <param name="fromBlock">The first block of the file that moves.</param>
    /// <param name="byBlocks">By how much; at most <paramref name="fromBlock"/>.</param>
    /// <returns>The first block of the file that is still to be moved; <see cref="uint.MaxValue"/> if all has moved.</returns>
    public uint ShiftDown(Handle handle, uint fromBlock, uint byBlocks)
    {
        int creditsAfter = Begin(handle, CreditsToReplace(_tree.Depth));
        if (!TryFindFirst(fromBlock, out int at))
            return uint.MaxValue;
        int level = _tree.Depth;
        Span<byte> leaf = _tree.Open(handle, level);
        for (int i = at; i < ExtentNode.Count(leaf); i++)
            ExtentNode.SetKey(leaf, i, ExtentNode.Key(leaf, i) - byBlocks);
        long next = _tree.LeafEnd;
        uint firstKey = ExtentNode.Key(leaf, 0);
        _tree.Close(handle, level);
        if (at == 0)
            StoreKey(handle, level, firstKey);
        else
            MergeWithNext(handle, at - 1);
        Finish(handle, creditsAfter);
        return next >= uint.MaxValue ? uint.MaxValue : (uint)next;
    }

    /// <summary>
    /// Moves what is mapped in a range towards the end of the file, the last leaf of it. The blocks behind the range are a hole.
    /// </summary>
    /// <param name="handle">Has <see cref="CreditsToShift"/> credits.</param>
    /// <param name="fromBlock">The first block of the file that moves; no extent reaches over it
    /// (<see cref="SplitBefore(Handle, uint)"/>).</param>
    /// <param name="toExclusiveBlock">The block behind the last that moves.</param>
    /// <param name="byBlocks">By how much.</param>
    /// <returns>The block behind the last that is still to be moved; <paramref name="fromBlock"/> if all has moved.</returns>
    public uint ShiftUp(Handle handle, uint fromBlock, uint toExclusiveBlock, uint byBlocks)
    {
        int creditsAfter = Begin(handle, CreditsToReplace(_tree.Depth));
        if (!TryFindLast(fromBlock, toExclusiveBlock, out int last, out ExtentLeaf entry))
            return fromBlock;
        InvariantException.Require(entry.LogicalBlock >= fromBlock, "no extent reaches over the place from which blocks are shifted");
        int level = _tree.Depth;
        Span<byte> leaf = _tree.Open(handle, level);
        int first = last;
        while (first > 0 && ExtentNode.Key(leaf, first - 1) >= fromBlock)
            first--;
        uint rest = ExtentNode.Key(leaf, first);
        for (int i = last; i >= first; i--)
            ExtentNode.SetKey(leaf, i, ExtentNode.Key(leaf, i) + byBlocks);
        _tree.Close(handle, level);
        if (first == 0)
            StoreKey(handle, level, rest + byBlocks);
        Finish(handle, creditsAfter);
        return rest;
    }

    /// <summary>Splits the extent that reaches over the beginning of a block, whatever its state.</summary>
    /// <param name="handle">Has <see cref="CreditsToShift"/> credits.</param>
    /// <param name="logicalBlock">The block at which an extent is to begin.</param>
    /// <exception cref="FileSystemException">ENOSPC.</exception>
    public void SplitBefore(Handle handle, uint logicalBlock)
    {
        int creditsAfter = Begin(handle, CreditsToReplace(_tree.Depth));
        if (!Lookup(logicalBlock, 1).IsMapped)
            return;
        int at = _tree.IndexAt(_tree.Depth);
        ExtentLeaf whole = ExtentNode.Leaves(_tree.Node(_tree.Depth))[at];
        if (whole.LogicalBlock == logicalBlock)
            return;
        ReadOnlySpan<ExtentLeaf> pieces =
            [Cut(whole, whole.LogicalBlock, logicalBlock), Cut(whole, logicalBlock, whole.EndLogicalBlock)];
        Replace(handle, at, 1, pieces, AllocationUse.MustNotFail);
        Finish(handle, creditsAfter);
    }

    /// <summary>
    /// Credits that one <see cref="ShiftDown"/>, <see cref="ShiftUp"/> or <see cref="SplitBefore(Handle, uint)"/> needs at most.
    /// </summary>
    public int CreditsToShift() => CreditsToReplace(_tree.Depth + 1);

    /// <summary>The block behind the last that is mapped; 0 if none is.</summary>
    public long FindEnd()
    {
        ReadOnlySpan<byte> leaf = _tree.Walk(uint.MaxValue - 1);
        int count = ExtentNode.Count(leaf);
        return count == 0 ? 0 : ExtentNode.Leaves(leaf)[count - 1].EndLogicalBlock;
    }

    /// <summary>Walks to the first extent that begins at or behind a block.</summary>
    private bool TryFindFirst(uint fromBlock, out int at)
    {
        ReadOnlySpan<byte> leaf = _tree.Walk(fromBlock);
        at = _tree.IndexAt(_tree.Depth);
        if (at < 0 || ExtentNode.Key(leaf, at) < fromBlock)
            at++;
        if (at < ExtentNode.Count(leaf))
            return true;
        long next = _tree.LeafEnd;
        return next < uint.MaxValue && TryFindFirst((uint)next, out at);
    }

    /// <summary>Merges an entry of the leaf of the last walk with the next, if they continue each other. (2)</summary>
    private void MergeWithNext(Handle handle, int at)
    {
        ReadOnlySpan<ExtentLeaf> entries = ExtentNode.Leaves(_tree.Node(_tree.Depth));
        if (TryMerge(entries[at], entries[at + 1], out ExtentLeaf merged))
            Replace(handle, at, 2, [merged], AllocationUse.MustNotFail);
    }
}
