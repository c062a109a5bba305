using ExtShell.Engine.Allocation;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Mapping;

/// <summary>The extent tree of a file: which runs of blocks it has where, written or unwritten.</summary>
/// <remarks>
/// Every change comes down to one operation: some neighbouring entries of one leaf are replaced by at most three (<see cref="Replace"/>).
/// Invariants.
/// (1) Blocks for new nodes are allocated before the tree is touched; from then on a change cannot fail. So after every call the tree is
/// sound, whether it returned or threw.
/// (2) Entries of one leaf that continue each other, on the file and on the volume, in the same state, are merged when one of them is new
/// or has changed its state, up to 32,768 written blocks or 32,767 unwritten ones; entries of different states never, of different leaves
/// never.
/// (3) <see cref="SplitAt"/> merges nothing, and a conversion of exactly one entry needs no room; so a conversion after a split needs no
/// block.
/// (4) A full leaf splits in the middle, but behind its last entry it splits there, so that files written in order fill their nodes.
/// (5) An empty leaf leaves the tree, and its block is freed and revoked. A root with one child goes away when the child's entries fit into
/// it.
/// (6) The key of an inner entry is the first block of the file that its child maps.
/// (7) The inode's count of blocks covers the nodes.
/// (8) No call uses more credits than it said. What it says allows for one level more than the tree has: it may grow before the handle has
/// started.
/// </remarks>
public sealed partial class ExtentMap : IBlockMap
{
    private const int MostNewEntries = 3;

    private readonly VolumeContext _volume;
    private readonly IMappedInode _inode;
    private readonly ExtentTree _tree;

    /// <summary>The map in an inode. It reads nothing yet.</summary>
    public ExtentMap(VolumeContext volume, IMappedInode inode)
    {
        _volume = volume;
        _inode = inode;
        _tree = new ExtentTree(volume, inode);
    }

    /// <summary>Writes an empty tree into the root of a new inode.</summary>
    public static void Initialise(Span<byte> root)
    {
        root.Clear();
        ExtentNode.Initialise(root, 0, ExtentHeader.RootMaxEntriesCount);
    }

    /// <summary>Levels of nodes below the root.</summary>
    public int Depth => _tree.Depth;

    /// <inheritdoc/>
    public BlockMapping Lookup(uint logicalBlock, int maxBlocks)
    {
        ReadOnlySpan<byte> leaf = _tree.Walk(logicalBlock);
        int index = _tree.IndexAt(_tree.Depth);
        if (index >= 0)
        {
            ref readonly ExtentLeaf entry = ref ExtentNode.Leaves(leaf)[index];
            if (logicalBlock < entry.EndLogicalBlock)
                return Part(entry, logicalBlock, maxBlocks);
        }

        long end = index + 1 < ExtentNode.Count(leaf) ? ExtentNode.Key(leaf, index + 1) : _tree.LeafEnd;
        return new BlockMapping(logicalBlock, 0, (int)Math.Clamp(end - logicalBlock, 1, maxBlocks), MappingState.Hole);
    }

    /// <inheritdoc/>
    public IEnumerable<BlockMapping> Enumerate()
    {
        for (long next = 0; next < uint.MaxValue;)
        {
            BlockMapping mapping = Lookup((uint)next, int.MaxValue);
            next = mapping.EndLogicalBlock;
            if (mapping.IsMapped)
                yield return mapping;
        }
    }

    /// <inheritdoc/>
    public int CreditsToMap(int lengthBlocks) => CreditsToMapAt(_tree.Depth + 1);

    /// <inheritdoc/>
    public int CreditsToConvert(int lengthBlocks) => CreditsToConvertAt(_tree.Depth + 1);

    /// <inheritdoc/>
    public int CreditsToRemove() => CreditsToRemoveAt(_tree.Depth + 1);

    private static int CreditsToMapAt(int depth) => BlockAllocator.CreditsToAllocate + CreditsToReplace(depth);

    /// <summary>Two splits, the second of which may find a tree that the first has made deeper.</summary>
    private static int CreditsToConvertAt(int depth) => CreditsToReplace(depth) + CreditsToReplace(depth + 1);

    private static int CreditsToRemoveAt(int depth) => BlockAllocator.CreditsToFree + CreditsToReplace(depth);

    /// <summary>
    /// The inode; the nodes on the way; and either new nodes at every level and one more, or the removal of a node at every level: a node's
    /// block, and bitmap and descriptor of its group.
    /// </summary>
    private static int CreditsToReplace(int depth) =>
        1 + depth + Math.Max((depth + 1) * (1 + BlockAllocator.CreditsToAllocate), depth * BlockAllocator.CreditsToFree);

    private static BlockMapping Part(in ExtentLeaf entry, uint logicalBlock, int maxBlocks)
    {
        uint skip = logicalBlock - entry.LogicalBlock;
        int length = (int)Math.Min(maxBlocks, entry.EndLogicalBlock - logicalBlock);
        return new BlockMapping(
            logicalBlock, entry.StartBlock + skip, length, entry.IsUnwritten ? MappingState.Unwritten : MappingState.Written);
    }

    private static ExtentLeaf Cut(in ExtentLeaf entry, long fromLogical, long toLogical) => ExtentLeaf.Of(
        (uint)fromLogical, (int)(toLogical - fromLogical), entry.StartBlock + (fromLogical - entry.LogicalBlock), entry.IsUnwritten);

    // (2)
    private static bool TryMerge(in ExtentLeaf left, in ExtentLeaf right, out ExtentLeaf merged)
    {
        merged = default;
        int length = left.LengthBlocks + right.LengthBlocks;
        int most = left.IsUnwritten ? ExtentLeaf.MaxUnwrittenLengthBlocks : ExtentLeaf.MaxWrittenLengthBlocks;
        if (left.IsUnwritten != right.IsUnwritten || left.EndLogicalBlock != right.LogicalBlock
            || left.StartBlock + left.LengthBlocks != right.StartBlock || length > most)
        {
            return false;
        }

        merged = ExtentLeaf.Of(left.LogicalBlock, length, left.StartBlock, left.IsUnwritten);
        return true;
    }
}
