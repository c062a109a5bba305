namespace ExtShell.Check.Facts;

/// <summary>Follows a hash tree from its root: which blocks are nodes, and in which range each leaf's names must hash.</summary>
/// <remarks>
/// (1) Each block but the root is named exactly once.
/// (2) What is below an entry hashes from its hash on, up to the next one's, inclusive as equal hashes may go on there.
/// Levels end the recursion, and no block is followed twice.
/// </remarks>
internal sealed class HashTreeWalk(uint inode, uint blockCount, Func<uint, DirectoryBlockFacts?> readNode)
{
    private const uint GreatestHash = uint.MaxValue;
    private readonly Dictionary<uint, (uint Least, uint Greatest)> _leaves = [];
    private readonly Dictionary<uint, DirectoryBlockFacts> _nodes = [];
    private readonly HashSet<uint> _named = [];

    public void Follow(DirectoryBlockFacts root, FindingList findings) =>
        Follow(root, root.Node!.IndirectLevels, 0, GreatestHash, findings);

    /// <summary>The facts of the block, if it is a node.</summary>
    public DirectoryBlockFacts? TakeNode(uint logical) => _nodes.GetValueOrDefault(logical);

    /// <summary>Checks a block that is no node.</summary>
    public void CheckLeaf(DirectoryBlockFacts leaf, FindingList findings)
    {
        var place = new FindingPlace(FindingStructure.HashTree, inode, -1, leaf.PhysicalBlock);
        if (!_leaves.TryGetValue(leaf.LogicalBlock, out (uint Least, uint Greatest) range))
            findings.Add(FindingCode.HashTreeReferenceInvalid, place, $"the tree should name logical block {leaf.LogicalBlock}"); // (1)
        else if (leaf.Entries.Length > 0 && (leaf.LeastHash < range.Least || leaf.GreatestHash > range.Greatest)) // (2)
        {
            findings.Add(
                FindingCode.HashTreeOrderInvalid, place,
                $"names should hash to 0x{range.Least:X8} to 0x{range.Greatest:X8}, "
                    + $"found 0x{leaf.LeastHash:X8} to 0x{leaf.GreatestHash:X8}");
        }
    }

    private void Follow(DirectoryBlockFacts block, int levels, uint least, uint greatest, FindingList findings)
    {
        HashTreeNode node = block.Node!;
        var place = new FindingPlace(FindingStructure.HashTree, inode, -1, block.PhysicalBlock);
        for (int i = 0; i < node.Blocks.Length; i++)
        {
            uint logical = node.Blocks[i];
            uint childLeast = i == 0 ? least : node.Hashes[i] & ~1u;
            uint childGreatest = i + 1 < node.Blocks.Length ? node.Hashes[i + 1] & ~1u : greatest;
            if (i > 0 && (childLeast < least || childLeast > greatest)) // (2)
                findings.Add(
                    FindingCode.HashTreeOrderInvalid, place,
                    $"the hash 0x{node.Hashes[i]:X8} should lie in 0x{least:X8} to 0x{greatest:X8}");
            if (logical == 0 || logical >= blockCount || !_named.Add(logical)) // (1)
            {
                findings.Add(
                    FindingCode.HashTreeReferenceInvalid, place,
                    $"the tree names logical block {logical}, which is the root, beyond the end, or named before");
                continue;
            }

            if (levels == 0)
                _leaves[logical] = (childLeast, childGreatest);
            else if (readNode(logical) is DirectoryBlockFacts child)
            {
                _nodes[logical] = child;
                if (child.Node is not null)
                    Follow(child, levels - 1, childLeast, childGreatest, findings);
            }
        }
    }
}
