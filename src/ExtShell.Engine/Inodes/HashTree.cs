using System.Collections;
using System.Runtime.InteropServices;
using ExtShell.Engine.Allocation;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// The hash tree of a directory of more than one block (ext4 disk layout, "Hash Tree Directories"). Block 0 is the root: "." and ".." in
/// front, then entries sorted by hash, each naming the block that holds names from that hash on. Between root and leaves lies at most one
/// level of nodes (two with large_dir). Leaves are linear blocks. This file reads; the other part adds names.
/// </summary>
/// <remarks>
/// (1) The first entry of a block has no hash; its place holds how many entries there are and how many fit.
/// (2) Names of one hash may fill more than one leaf: bit 0 of the next entry's hash says that the leaf goes on there.
/// (3) No block is visited twice in one walk, so that a damaged tree ends; and each block that is visited is one that the directory has.
/// </remarks>
internal sealed partial class HashTree(DirectoryBlocks blocks, VolumeContext context)
{
    private const int MaxNodeLevels = 3;
    private const InodeFlags HashedOtherwise = InodeFlags.Encrypted | InodeFlags.CaseFolding;

    private readonly VolumeGeometry _geometry = context.Geometry;

    private readonly record struct Node(Buffer Buffer, int EntriesOffsetBytes, int Count, int Limit);

    /// <summary>A node on the way to a leaf, and which of its entries leads there.</summary>
    private readonly record struct Step(Node Node, int At);

    /// <summary>The root's fixed part.</summary>
    /// <exception cref="CorruptionException">It is no root.</exception>
    public DxRoot ReadRoot(Inode directory)
    {
        Buffer buffer = blocks.Get(directory, 0);
        DxRoot root = MemoryMarshal.Read<DxRoot>(buffer.Read(0, DxRoot.EntriesOffsetBytes));
        bool hasDots = root.DotInode.Value == directory.Number && root.DotNameLength == 1 && root.DotDotNameLength == 2;
        if (!hasDots || root.DotRecordLength.Value != DirectoryEntry.RecordLengthFor(1))
            throw Wrong(buffer, directory, "dot", "the entries . and ..", "others");
        if (!_geometry.IsInode(root.DotDotInode))
            throw Wrong(buffer, directory, "dotdot.inode", $"at most {_geometry.InodesCount}", $"{root.DotDotInode.Value}");
        if (root.ReservedZero.Value != 0 || root.InfoLength != DxRoot.ExpectedInfoLength || (root.UnusedFlags & 1) != 0)
            throw Wrong(buffer, directory, "info", $"{DxRoot.ExpectedInfoLength} bytes, no flags", $"{root.InfoLength} bytes");
        if (root.IndirectLevels >= MaxNodeLevels)
            throw Wrong(buffer, directory, "indirect_levels", $"below {MaxNodeLevels}", $"{root.IndirectLevels}");
        return root;
    }

    /// <summary>All leaves in the tree's order.</summary>
    public IEnumerable<Buffer> Leaves(Inode directory)
    {
        DxRoot root = ReadRoot(directory);
        var seen = new BitArray(checked((int)blocks.Count(directory)));
        seen[0] = true;
        return LeavesBelow(directory, ReadNode(directory, 0, DxRoot.EntriesOffsetBytes), root.IndirectLevels, seen);
    }

    /// <summary>
    /// The leaves that may hold <paramref name="name"/>: those of its hash, or all where the hash is not of the name's bytes.
    /// </summary>
    public IEnumerable<Buffer> LeavesOf(Inode directory, ReadOnlySpan<byte> name)
    {
        DxRoot root = ReadRoot(directory);
        if ((directory.Flags & HashedOtherwise) != 0 || root.HashVersion >= (byte)DirectoryHashVersion.SipHash)
            return Leaves(directory);
        return LeavesOf(directory, root, HashOf(root, name));
    }

    private uint HashOf(in DxRoot root, ReadOnlySpan<byte> name)
    {
        SuperBlock superBlock = context.SuperBlock.Value;
        var flags = (SuperBlockFlags)superBlock.Flags.Value;
        DirectoryHashVersion version = DirectoryHash.Effective((DirectoryHashVersion)root.HashVersion, flags);
        return DirectoryHash.Compute(version, superBlock.HashSeed, name).Hash;
    }

    private IEnumerable<Buffer> LeavesOf(Inode directory, DxRoot root, uint hash)
    {
        var seen = new BitArray(checked((int)blocks.Count(directory)));
        Step[] path = PathTo(directory, root, hash, seen);
        do
            yield return blocks.GetLeaf(directory, Child(directory, path[^1], seen));
        while (MoveToContinuation(directory, path, hash, seen)); // (2)
    }

    /// <summary>The way from the root to the first leaf that may hold names of <paramref name="hash"/>.</summary>
    private Step[] PathTo(Inode directory, in DxRoot root, uint hash, BitArray seen)
    {
        seen[0] = true;
        var path = new Step[root.IndirectLevels + 1];
        Node node = ReadNode(directory, 0, DxRoot.EntriesOffsetBytes);
        path[0] = new Step(node, Find(node, hash));
        for (int level = 1; level < path.Length; level++)
        {
            node = ReadNode(directory, Child(directory, path[level - 1], seen), DxNode.EntriesOffsetBytes);
            path[level] = new Step(node, Find(node, hash));
        }

        return path;
    }

    /// <summary>Goes to the next leaf if its hash says that it continues <paramref name="hash"/>.</summary>
    private bool MoveToContinuation(Inode directory, Step[] path, uint hash, BitArray seen)
    {
        int level = path.Length - 1;
        while (path[level].At + 1 >= path[level].Node.Count)
        {
            if (level-- == 0)
                return false;
        }

        path[level] = path[level] with { At = path[level].At + 1 };

        if (EntryAt(path[level].Node, path[level].At).Hash.Value != (hash | 1))
            return false;
        for (; level < path.Length - 1; level++)
        {
            uint child = Child(directory, path[level], seen);
            path[level + 1] = new Step(ReadNode(directory, child, DxNode.EntriesOffsetBytes), 0);
        }

        return true;
    }

    private IEnumerable<Buffer> LeavesBelow(Inode directory, Node node, int levels, BitArray seen)
    {
        for (int i = 0; i < node.Count; i++)
        {
            uint child = Child(directory, new Step(node, i), seen);
            if (levels == 0)
            {
                yield return blocks.GetLeaf(directory, child);
                continue;
            }

            foreach (Buffer leaf in LeavesBelow(directory, ReadNode(directory, child, DxNode.EntriesOffsetBytes), levels - 1, seen))
                yield return leaf;
        }
    }

    private Node ReadNode(Inode directory, uint logicalBlock, int entriesOffsetBytes)
    {
        Buffer buffer = blocks.Get(directory, logicalBlock);
        DxCountLimit counts = MemoryMarshal.Read<DxCountLimit>(buffer.Read(entriesOffsetBytes, 4)); // (1)
        int limit = Limit(entriesOffsetBytes);
        if (counts.Limit.Value != limit)
            throw Wrong(buffer, directory, "limit", $"{limit}", $"{counts.Limit.Value}");
        if (counts.Count.Value == 0 || counts.Count.Value > limit)
            throw Wrong(buffer, directory, "count", $"1 to {limit}", $"{counts.Count.Value}");
        if (_geometry.HasMetadataChecksum && !buffer.IsVerified)
            Verify(directory, buffer, entriesOffsetBytes, counts);
        return new Node(buffer, entriesOffsetBytes, counts.Count, limit);
    }

    /// <summary>How many entries fit into a root or a node.</summary>
    private int Limit(int entriesOffsetBytes)
    {
        int tailBytes = _geometry.HasMetadataChecksum ? DxTail.SizeBytes : 0;
        return (_geometry.BlockSizeBytes - entriesOffsetBytes - tailBytes) / DxEntry.SizeBytes;
    }

    private ChecksumRule NodeRule(Inode directory, Buffer buffer, int entriesOffsetBytes, DxCountLimit counts)
    {
        uint seed = _geometry.InodeChecksumSeed(directory.Number, directory.Generation);
        return Ext4Checksums.DxNode(seed, buffer.OffsetBytes, entriesOffsetBytes, counts);
    }

    private void Verify(Inode directory, Buffer buffer, int entriesOffsetBytes, DxCountLimit counts)
    {
        ChecksumRule rule = NodeRule(directory, buffer, entriesOffsetBytes, counts);
        if (!buffer.TryReadVerified(0, _geometry.BlockSizeBytes, rule, out _))
            throw Wrong(buffer, directory, "dt_checksum", "the sum of the node", "another");
        buffer.IsVerified = true;
    }

    /// <summary>The last entry whose hash is not above <paramref name="hash"/>.</summary>
    private static int Find(Node node, uint hash)
    {
        int low = 1;
        int high = node.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (EntryAt(node, middle).Hash.Value > hash)
                high = middle - 1;
            else
                low = middle + 1;
        }

        return low - 1;
    }

    private static uint Child(Inode directory, Step step, BitArray seen)
    {
        uint block = EntryAt(step.Node, step.At).Block.Value & DxEntry.BlockMask;
        if (block >= seen.Length || seen[(int)block]) // (3)
            throw Wrong(step.Node.Buffer, directory, $"block of entry {step.At}", "a block that is in the tree once", $"{block}");
        seen[(int)block] = true;
        return block;
    }

    private static DxEntry EntryAt(Node node, int index) =>
        MemoryMarshal.Read<DxEntry>(node.Buffer.Read(node.EntriesOffsetBytes + (index * DxEntry.SizeBytes), DxEntry.SizeBytes));

    private static CorruptionException Wrong(Buffer buffer, Inode directory, string field, string expected, string found) =>
        new(buffer.OffsetBytes, $"hash tree of {directory}", field, expected, found);
}
