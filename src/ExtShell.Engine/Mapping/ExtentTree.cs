using System.Globalization;
using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Mapping;

/// <summary>
/// The nodes of one file's extent tree and the way from the root to a leaf: reading and checking nodes, opening them for a change. What the
/// entries mean is <see cref="ExtentMap"/>'s business.
/// </summary>
/// <remarks>
/// The root is the 60 bytes of i_block, with room for four entries; every other node is a block, with a checksum behind the room for
/// entries. Entries are sorted. An inner entry names the first block of the file that its child maps, and equals the child's first entry.
/// Checked whenever a node is read, so that no image can make a walk long or lead it out of the volume:
/// (1) the magic; a depth one less than the parent's, so that there is no loop; room for as many entries as fit; at least one entry below
/// the root;
/// (2) the first entry is the one that the parent names.
/// Checked once, when a block comes into the cache (and the root when the tree is first used):
/// (3) the checksum, in one verified read that ends with it;
/// (4) entries are in order, do not overlap, and end before the parent's next entry begins;
/// (5) they lead to blocks that a file may have.
/// A walk keeps its way in <see cref="_levels"/>: level 0 is the root, level <see cref="Depth"/> the leaf.
/// </remarks>
internal sealed class ExtentTree
{
    private const int LevelCount = ExtentHeader.MaxDepth + 1;
    private const long LogicalEnd = uint.MaxValue;

    private readonly VolumeContext _volume;
    private readonly IMappedInode _inode;
    private readonly uint _checksumSeed;
    private readonly int _nodeRoom;
    private readonly Level[] _levels = new Level[LevelCount];
    private bool _isRootChecked;

    public ExtentTree(VolumeContext volume, IMappedInode inode)
    {
        _volume = volume;
        _inode = inode;
        _checksumSeed = volume.Geometry.InodeChecksumSeed(inode.Number, inode.Generation);
        _nodeRoom = ExtentHeader.BlockMaxEntriesCount(volume.Geometry.BlockSizeBytes);
    }

    /// <summary>Levels below the root, as the root says.</summary>
    public int Depth => ExtentNode.Header((ReadOnlySpan<byte>)Root).Depth.Value;

    /// <summary>The first block of the file behind what the leaf of the last walk can map.</summary>
    public long LeafEnd { get; private set; }

    private Span<byte> Root => _inode.Root[..(ExtentHeader.SizeBytes + (ExtentHeader.RootMaxEntriesCount * ExtentNode.EntrySizeBytes))];

    /// <summary>
    /// Where a walk went at a level: the entry that it took; in the leaf the last that begins at or before what was looked for, -1 if none
    /// does.
    /// </summary>
    public ref int IndexAt(int level) => ref _levels[level].Index;

    /// <summary>Walks to the leaf that maps a block of the file, or would map it, and returns the leaf.</summary>
    /// <exception cref="CorruptionException">A node on the way is damaged.</exception>
    public ReadOnlySpan<byte> Walk(uint logicalBlock)
    {
        ReadOnlySpan<byte> node = ReadRoot();
        int depth = ExtentNode.Header(node).Depth.Value;
        long end = LogicalEnd;
        for (int level = 0; ; level++)
        {
            int index = ExtentNode.FindLast(node, logicalBlock);
            if (level == depth)
            {
                _levels[level].Index = index;
                LeafEnd = end;
                return node;
            }

            index = Math.Max(index, 0);
            _levels[level].Index = index;
            if (index + 1 < ExtentNode.Count(node))
                end = ExtentNode.Key(node, index + 1);
            ExtentIndex entry = ExtentNode.Indexes(node)[index];
            node = ReadChild(level + 1, entry, depth - level - 1, end);
        }
    }

    /// <summary>The node of the last walk at a level.</summary>
    public ReadOnlySpan<byte> Node(int level) => level == 0 ? Root : ReadNode(_levels[level].Block!);

    /// <summary>The block of the node of the last walk at a level; 0 for the root.</summary>
    public long NodeBlock(int level) => level == 0 ? 0 : _levels[level].Block!.Block;

    /// <summary>
    /// The node of the last walk at a level, to change it; closing it follows. What was read from it before is worth nothing.
    /// </summary>
    public Span<byte> Open(Handle handle, int level) => level == 0 ? Root : handle.GetWriteAccess(_levels[level].Block!);

    /// <summary>Ends a change of a node: sums it and hands it to the transaction. The root is stored with its inode.</summary>
    public void Close(Handle handle, int level)
    {
        if (level > 0)
            Close(handle, _levels[level].Block!);
    }

    /// <summary>Begins a new node in a block that was allocated for it, empty; closing it follows.</summary>
    public Span<byte> Create(Handle handle, long block, int depth, out Buffer buffer)
    {
        buffer = _volume.Buffers.GetNew(block);
        Span<byte> node = handle.GetCreateAccess(buffer);
        ExtentNode.Initialise(node, depth, _nodeRoom);
        buffer.IsVerified = true;
        return node;
    }

    /// <summary>Ends a change of a node in a block.</summary>
    public void Close(Handle handle, Buffer buffer)
    {
        Span<byte> node = handle.GetWriteAccess(buffer);
        if (_volume.Geometry.HasMetadataChecksum)
            Ext4Checksums.ExtentBlock(_checksumSeed, buffer.OffsetBytes, _nodeRoom).Store(node, buffer.OffsetBytes);
        handle.Dirty(buffer);
    }

    /// <summary>The way now leads through another node at a level, by another entry of it.</summary>
    public void Redirect(int level, Buffer block, int index) => _levels[level] = new Level { Block = block, Index = index };

    /// <summary>The root has moved into <paramref name="block"/>, and a new root is above it with one entry.</summary>
    public void PushLevel(Buffer block)
    {
        Array.Copy(_levels, 0, _levels, 1, LevelCount - 1);
        _levels[1].Block = block;
        _levels[0] = default;
    }

    /// <summary>
    /// The only child of the root, whatever the last walk was; false if it was not read yet, or the root has none or more.
    /// </summary>
    public bool TryGetOnlyChild(out ReadOnlySpan<byte> child)
    {
        child = default;
        ReadOnlySpan<byte> root = Root;
        if (Depth == 0 || ExtentNode.Count(root) != 1)
            return false;
        if (_volume.Buffers.Find(ExtentNode.Indexes(root)[0].ChildBlock) is not { IsVerified: true } buffer)
            return false;
        child = ReadNode(buffer);
        return true;
    }

    private ReadOnlySpan<byte> ReadRoot()
    {
        ReadOnlySpan<byte> root = Root;
        if (_isRootChecked)
            return root;
        ref readonly ExtentHeader header = ref ExtentNode.Header(root);
        CheckHeader(0, header, header.Depth, ExtentHeader.RootMaxEntriesCount);
        if (header.Depth > ExtentHeader.MaxDepth)
            throw Wrong(0, "eh_depth", $"at most {ExtentHeader.MaxDepth}", header.Depth.Value);
        if (header.Depth > 0 && header.EntriesCount == 0)
            throw Wrong(0, "eh_entries", "at least 1 above other nodes", 0);
        CheckEntries(0, root, LogicalEnd);
        _isRootChecked = true;
        return root;
    }

    private ReadOnlySpan<byte> ReadChild(int level, ExtentIndex entry, int depth, long end)
    {
        long block = entry.ChildBlock;
        Buffer buffer = _levels[level].Block is { } last && last.Block == block && !last.IsForgotten ? last : Find(block);
        _levels[level].Block = buffer;
        ReadOnlySpan<byte> node = buffer.IsVerified ? ReadNode(buffer) : ReadVerified(buffer, depth, end);
        ref readonly ExtentHeader header = ref ExtentNode.Header(node);
        CheckHeader(block, header, depth, _nodeRoom); // (1)
        if (header.EntriesCount == 0)
            throw Wrong(block, "eh_entries", "at least 1", 0);
        if (ExtentNode.Key(node, 0) != entry.LogicalBlock) // (2)
            throw Wrong(block, "the first entry's block", Text(entry.LogicalBlock.Value), ExtentNode.Key(node, 0));
        return node;
    }

    private Buffer Find(long block)
    {
        if (!_volume.Geometry.IsBlockRange(block, 1)) // (5) was checked, unless the parent's block is some other structure too
            throw Wrong(0, "ei_leaf", "a block of the volume", block);
        return _volume.Buffers.Get(block);
    }

    private ReadOnlySpan<byte> ReadVerified(Buffer buffer, int depth, long end)
    {
        int tail = ExtentHeader.TailOffsetBytes(_nodeRoom);
        ChecksumRule rule = Ext4Checksums.ExtentBlock(_checksumSeed, buffer.OffsetBytes, _nodeRoom);
        if (_volume.Geometry.HasMetadataChecksum && !buffer.TryReadVerified(0, tail + sizeof(uint), rule, out _)) // (3)
            throw new CorruptionException(buffer.OffsetBytes, Structure(buffer.Block), "et_checksum", "the sum of the block", "another");
        ReadOnlySpan<byte> node = ReadNode(buffer);
        CheckHeader(buffer.Block, ExtentNode.Header(node), depth, _nodeRoom);
        CheckEntries(buffer.Block, node, end);
        buffer.IsVerified = true;
        return node;
    }

    /// <summary>
    /// The part of a node that is interpreted: with a checksum it is decided up to that, without one only the valid entries are read.
    /// </summary>
    private ReadOnlySpan<byte> ReadNode(Buffer buffer)
    {
        if (buffer.IsLoaded || _volume.Geometry.HasMetadataChecksum)
            return buffer.Read(0, ExtentHeader.TailOffsetBytes(_nodeRoom));
        int count = Math.Min(_nodeRoom, ExtentNode.Count(buffer.Read(0, ExtentHeader.SizeBytes)));
        return buffer.Read(0, ExtentHeader.SizeBytes + (count * ExtentNode.EntrySizeBytes));
    }

    // (1)
    private void CheckHeader(long block, in ExtentHeader header, int depth, int room)
    {
        if (header.Magic != ExtentHeader.ExpectedMagic)
            throw Wrong(block, "eh_magic", "0xF30A", header.Magic.Value);
        if (header.Depth != depth)
            throw Wrong(block, "eh_depth", Text(depth), header.Depth.Value);
        if (header.MaxEntriesCount != room)
            throw Wrong(block, "eh_max", Text(room), header.MaxEntriesCount.Value);
        if (header.EntriesCount > room)
            throw Wrong(block, "eh_entries", $"at most {room}", header.EntriesCount.Value);
    }

    private void CheckEntries(long block, ReadOnlySpan<byte> node, long end)
    {
        bool isLeaf = ExtentNode.Header(node).Depth == 0;
        long least = 0;
        for (int i = 0; i < ExtentNode.Count(node); i++)
        {
            uint key = ExtentNode.Key(node, i);
            if (key < least) // (4)
                throw Wrong(block, $"the block of entry {i}", $"at least {least}", key);
            least = isLeaf ? CheckLeaf(block, i, ExtentNode.Leaves(node)[i]) : CheckIndex(block, i, ExtentNode.Indexes(node)[i]);
        }

        if (least > end) // (4)
            throw Wrong(block, "the end of the last entry", $"at most {end}", least);
    }

    private long CheckLeaf(long block, int index, ExtentLeaf leaf)
    {
        int length = leaf.LengthBlocks;
        if (length == 0)
            throw Wrong(block, $"ee_len of entry {index}", "at least 1", 0);
        bool isOwn = _inode.Number == Format.Layout.InodeNumbers.Journal;
        if (isOwn ? !_volume.Geometry.IsBlockRange(leaf.StartBlock, length) : !_volume.Blocks.IsAllocatable(leaf.StartBlock, length)) // (5)
            throw Wrong(block, $"ee_start of entry {index}", $"{length} blocks that files may have", leaf.StartBlock);
        return leaf.EndLogicalBlock;
    }

    private long CheckIndex(long block, int index, ExtentIndex entry)
    {
        if (!_volume.Blocks.IsAllocatable(entry.ChildBlock, 1)) // (5)
            throw Wrong(block, $"ei_leaf of entry {index}", "a block that files may have", entry.ChildBlock);
        return entry.LogicalBlock.Value + 1L;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private string Structure(long block) =>
        block == 0 ? $"extent root of inode {_inode.Number}" : $"extent block {block} of inode {_inode.Number}";

    private CorruptionException Wrong(long block, string field, string expected, long found) =>
        new(_volume.Geometry.BlockOffsetBytes(block), Structure(block), field, expected, Text(found));

    private struct Level
    {
        public Buffer? Block;
        public int Index;
    }
}
