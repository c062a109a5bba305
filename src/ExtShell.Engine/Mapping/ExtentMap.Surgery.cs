using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Mapping;

public sealed partial class ExtentMap
{
    private readonly long[] _spareBlocks = new long[ExtentHeader.MaxDepth + 1];
    private int _spareCount;

    /// <summary>
    /// Replaces entries of the leaf of the last walk, which is over then. All that a change of the tree is made of.
    /// </summary>
    /// <exception cref="FileSystemException">ENOSPC: nodes must be split and no block is left for that; nothing has changed.</exception>
    private void Replace(Handle handle, int at, int removed, ReadOnlySpan<ExtentLeaf> replacement, AllocationUse use)
    {
        int depth = _tree.Depth;
        int room = replacement.Length - removed;
        InvariantException.Require(room <= 0 || removed <= 1, "entries that are merged need no room, so that no split comes between them");
        PrepareBlocks(handle, CountNewNodes(depth, room), use); // (1)
        _tree.IndexAt(depth) = at;
        int level = MakeRoom(handle, depth, room);
        InvariantException.Require(_spareCount == 0, "a split takes the blocks that were prepared for it");

        at = _tree.IndexAt(level);
        Span<byte> leaf = _tree.Open(handle, level);
        ExtentNode.Replace(leaf, at, removed, replacement);
        bool isEmpty = ExtentNode.Count(leaf) == 0;
        uint firstKey = isEmpty ? 0 : ExtentNode.Key(leaf, 0);
        if (isEmpty && level > 0)
        {
            DropNode(handle, level);
            return;
        }

        _tree.Close(handle, level);
        if (at == 0 && !isEmpty)
            StoreKey(handle, level, firstKey);
    }

    /// <summary>How many nodes come into being when a node of the last walk gets so many entries more.</summary>
    private int CountNewNodes(int level, int room)
    {
        int count = 0;
        for (; room > 0 && level >= 0; level--)
        {
            ReadOnlySpan<byte> node = _tree.Node(level);
            if (ExtentNode.Count(node) + room <= ExtentNode.Room(node))
                break;
            count++;
            room = 1;
        }

        return count;
    }

    private void PrepareBlocks(Handle handle, int count, AllocationUse use)
    {
        int depth = _tree.Depth;
        long goal = depth > 0 ? _tree.NodeBlock(depth) : _inode.AllocationGoal;
        if (count > depth && depth == ExtentHeader.MaxDepth)
            throw new FileSystemException(Errno.EFBIG, $"map blocks of inode {_inode.Number}", "the extent tree is as deep as it can be");
        try
        {
            while (_spareCount < count)
            {
                goal = _volume.Blocks.Allocate(handle, goal, 1, use).FirstBlock;
                _spareBlocks[_spareCount++] = goal;
            }
        }
        catch (FileSystemException)
        {
            while (_spareCount > 0)
                _volume.Blocks.Return(handle, new BlockRun(_spareBlocks[--_spareCount], 1));
            throw;
        }

        _inode.ChangeBlocks(count); // (7)
    }

    private long TakeBlock()
    {
        InvariantException.Require(_spareCount > 0, "a new node has a block prepared");
        return _spareBlocks[--_spareCount];
    }

    /// <summary>Makes room in a node of the last walk.</summary>
    /// <returns>The node's level, which is one lower than before if the tree has grown.</returns>
    private int MakeRoom(Handle handle, int level, int room)
    {
        ReadOnlySpan<byte> node = _tree.Node(level);
        if (ExtentNode.Count(node) + room <= ExtentNode.Room(node))
            return level;
        if (level == 0)
        {
            Grow(handle);
            return 1;
        }

        level = 1 + MakeRoom(handle, level - 1, 1);
        Split(handle, level);
        return level;
    }

    /// <summary>Moves the root into a block of its own and puts a root with one entry above it.</summary>
    private void Grow(Handle handle)
    {
        Span<byte> root = _tree.Open(handle, 0);
        int depth = ExtentNode.Header(root).Depth.Value;
        uint key = ExtentNode.Key(root, 0);
        long block = TakeBlock();
        Span<byte> node = _tree.Create(handle, block, depth, out Buffer buffer);
        ExtentNode.MoveTail(root, 0, node);
        _tree.Close(handle, buffer);

        ExtentNode.Header(root).Depth = (ushort)(depth + 1);
        ExtentNode.Replace(root, 0, 0, [ExtentIndex.Of(key, block)]);
        _tree.Close(handle, 0);
        _tree.PushLevel(buffer);
    }

    /// <summary>Splits a node below the root, whose parent has room, and lets the walk go on in the half where its entry is.</summary>
    private void Split(Handle handle, int level)
    {
        int at = _tree.IndexAt(level);
        Span<byte> left = _tree.Open(handle, level);
        int last = ExtentNode.Count(left) - 1;
        int split = at >= last ? last : (last + 1) / 2; // (4)
        uint key = ExtentNode.Key(left, split);
        long block = TakeBlock();
        Span<byte> right = _tree.Create(handle, block, ExtentNode.Header(left).Depth.Value, out Buffer buffer);
        ExtentNode.MoveTail(left, split, right);
        _tree.Close(handle, buffer);
        _tree.Close(handle, level);

        Span<byte> parent = _tree.Open(handle, level - 1);
        ExtentNode.Replace(parent, _tree.IndexAt(level - 1) + 1, 0, [ExtentIndex.Of(key, block)]);
        _tree.Close(handle, level - 1);
        if (at >= split)
        {
            _tree.IndexAt(level - 1)++;
            _tree.Redirect(level, buffer, at - split);
        }
    }

    /// <summary>Stores the first key of a node in the entries above that name it. (6)</summary>
    private void StoreKey(Handle handle, int level, uint key)
    {
        for (; level > 0; level--)
        {
            int index = _tree.IndexAt(level - 1);
            if (ExtentNode.Key(_tree.Node(level - 1), index) != key)
            {
                Span<byte> parent = _tree.Open(handle, level - 1);
                ExtentNode.SetKey(parent, index, key);
                _tree.Close(handle, level - 1);
            }

            if (index > 0)
                return;
        }
    }

    /// <summary>Takes an empty node out of the tree, and the nodes above that become empty by it. (5)</summary>
    private void DropNode(Handle handle, int level)
    {
        for (; level > 0; level--)
        {
            FreeNode(handle, _tree.NodeBlock(level));
            int index = _tree.IndexAt(level - 1);
            Span<byte> parent = _tree.Open(handle, level - 1);
            ExtentNode.Replace<ExtentIndex>(parent, index, 1, []);
            if (ExtentNode.Count(parent) > 0)
            {
                uint firstKey = ExtentNode.Key(parent, 0);
                _tree.Close(handle, level - 1);
                if (index == 0)
                    StoreKey(handle, level - 1, firstKey);
                return;
            }
        }

        Span<byte> root = _tree.Open(handle, 0);
        ExtentNode.Header(root).Depth = 0;
        _tree.Close(handle, 0);
    }

    /// <summary>
    /// While the root has one child whose entries fit into it, they go there. A child that was never read stays: this must not fail. (5)
    /// </summary>
    private void PullUp(Handle handle)
    {
        while (_tree.TryGetOnlyChild(out ReadOnlySpan<byte> child) && ExtentNode.Count(child) <= ExtentHeader.RootMaxEntriesCount)
        {
            Span<byte> root = _tree.Open(handle, 0);
            long block = ExtentNode.Indexes(root)[0].ChildBlock;
            ExtentNode.Replace(root, 0, 1, ExtentNode.Leaves(child));
            ExtentNode.Header(root).Depth = ExtentNode.Header(child).Depth;
            _tree.Close(handle, 0);
            FreeNode(handle, block);
        }
    }

    private void FreeNode(Handle handle, long block)
    {
        _volume.Blocks.Free(handle, block, 1, BlockUse.Metadata);
        _inode.ChangeBlocks(-1); // (7)
    }
}
