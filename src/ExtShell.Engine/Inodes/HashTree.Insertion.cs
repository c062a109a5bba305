using System.Collections;
using System.Runtime.InteropServices;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <remarks>
/// Adding a name:
/// (4) It goes into the first leaf that its hash leads to. A full leaf is split: the upper half of its names by hash moves into a new
/// block, whose entry follows the old one's; where names of one hash are parted, the entry says so (2).
/// (5) A full node is split likewise, before the leaf; a full root hands its entries to a new node, and the tree has a level more. A tree
/// of the most levels that is full all the way takes no more names (ENOSPC), as in the kernel.
/// (6) Each step takes its block before it changes anything and leaves a sound tree, so that a full volume costs no name.
/// (7) Leaves are never merged; the blocks stay with the directory until it is removed.
/// </remarks>
internal sealed partial class HashTree
{
    private readonly record struct HashedName(uint Hash, int OffsetBytes, int LengthBytes);

    private int MostIndirectLevels => context.SuperBlock.Value.Has(IncompatibleFeatures.LargeDirectory) ? 2 : 1;

    /// <summary>Whether a linear directory of one block can become a tree: its hash is known and the dots stand in front.</summary>
    public bool CanMake(Inode directory)
    {
        if (context.SuperBlock.Value.DefaultHashVersion > (byte)DirectoryHashVersion.Tea)
            return false;
        ReadOnlySpan<byte> block = blocks.Bytes(blocks.GetLeaf(directory, 0));
        int dotBytes = DirectoryEntry.RecordLengthFor(1);
        ref readonly DirectoryEntryHeader dot = ref LinearBlock.Header(block, 0);
        ref readonly DirectoryEntryHeader dotDot = ref LinearBlock.Header(block, dotBytes);
        return dot.Inode.Value == directory.Number && dot.NameLength == 1 && dot.RecordLengthValue == dotBytes && dotDot.NameLength == 2;
    }

    /// <summary>Makes a tree of a linear directory of one block: a root, and one leaf with all its names.</summary>
    /// <exception cref="FileSystemException">ENOSPC: nothing was changed.</exception>
    public void Make(Handle handle, Inode directory)
    {
        Buffer root = blocks.GetLeaf(directory, 0);
        byte[] before = blocks.Bytes(root).ToArray();
        Buffer leaf = blocks.Append(handle, directory, out Span<byte> leafBlock, out uint leafNumber); // (6)
        Span<byte> block = handle.GetWriteAccess(root);
        block[DxRoot.InfoOffsetBytes..].Clear();
        ref DxRoot head = ref MemoryMarshal.AsRef<DxRoot>(block);
        head.DotDotRecordLength =
            DirectoryEntry.EncodeRecordLength(block.Length - DirectoryEntry.RecordLengthFor(1), block.Length);
        head.HashVersion = context.SuperBlock.Value.DefaultHashVersion;
        head.InfoLength = DxRoot.ExpectedInfoLength;
        List<HashedName> names = NamesByHash(head, root, before);
        names.RemoveAll(name => name.OffsetBytes <= DirectoryEntry.RecordLengthFor(1));
        Entries(block, DxRoot.EntriesOffsetBytes)[0].Block = leafNumber;
        StoreNode(handle, directory, root, block, DxRoot.EntriesOffsetBytes, 1);
        Pack(handle, directory, leaf, leafBlock, before, names);
        directory.Flags |= InodeFlags.DirectoryIndex;
    }

    /// <summary>Adds a name that is not there yet.</summary>
    /// <exception cref="FileSystemException">ENOSPC: no name was changed (6).</exception>
    public void Add(Handle handle, Inode directory, ReadOnlySpan<byte> name, uint inode, FileType type)
    {
        DxRoot root = ReadRoot(directory);
        uint hash = HashOf(root, name);
        int neededBytes = DirectoryEntry.RecordLengthFor(name.Length);
        var seen = new BitArray(checked((int)blocks.Count(directory)));
        Step[] path = PathTo(directory, root, hash, seen);
        Buffer leaf = blocks.GetLeaf(directory, Child(directory, path[^1], seen));
        int offset = blocks.Layout(leaf).FindRoom(blocks.Bytes(leaf), neededBytes);
        if (offset == LinearBlock.None)
        {
            leaf = Split(handle, directory, hash, leaf);
            offset = blocks.Layout(leaf).FindRoom(blocks.Bytes(leaf), neededBytes);
            InvariantException.Require(offset != LinearBlock.None, "half a leaf has room for a name");
        }

        Span<byte> block = handle.GetWriteAccess(leaf);
        blocks.Layout(leaf).Insert(block, offset, inode, type, name);
        blocks.StoreLeaf(handle, directory, leaf, block);
    }

    /// <summary>Makes ".." stand for another inode.</summary>
    public void SetParent(Handle handle, Inode directory, uint parent)
    {
        ReadRoot(directory);
        Node root = ReadNode(directory, 0, DxRoot.EntriesOffsetBytes);
        Span<byte> block = handle.GetWriteAccess(root.Buffer);
        MemoryMarshal.AsRef<DxRoot>(block).DotDotInode = parent;
        StoreNode(handle, directory, root.Buffer, block, DxRoot.EntriesOffsetBytes, root.Count);
    }

    /// <summary>Parts a full leaf (4); answers the half where names of <paramref name="hash"/> belong.</summary>
    private Buffer Split(Handle handle, Inode directory, uint hash, Buffer leaf)
    {
        byte[] before = blocks.Bytes(leaf).ToArray();
        List<HashedName> names = NamesByHash(ReadRoot(directory), leaf, before);
        if (names.Count < 2)
        {
            Pack(handle, directory, leaf, handle.GetWriteAccess(leaf), before, names);
            return leaf;
        }

        Step parent = StepWithRoom(handle, directory, hash);
        Buffer upper = blocks.Append(handle, directory, out Span<byte> upperBlock, out uint upperNumber); // (6)
        int middle = Middle(names);
        uint boundary = names[middle].Hash;
        bool continues = boundary == names[middle - 1].Hash;
        Pack(handle, directory, leaf, handle.GetWriteAccess(leaf), before, names[..middle]);
        Pack(handle, directory, upper, upperBlock, before, names[middle..]);
        InsertEntry(handle, directory, parent, continues ? boundary | 1 : boundary, upperNumber);
        return hash >= boundary ? upper : leaf;
    }

    /// <summary>The last step of the way to the leaf, in a node that has room for an entry: makes room where there is none (5).</summary>
    private Step StepWithRoom(Handle handle, Inode directory, uint hash)
    {
        while (true)
        {
            DxRoot root = ReadRoot(directory);
            Step[] path = PathTo(directory, root, hash, new BitArray(checked((int)blocks.Count(directory))));
            int level = Array.FindLastIndex(path, step => step.Node.Count < step.Node.Limit);
            if (level == path.Length - 1)
                return path[level];
            if (level >= 0)
                SplitNode(handle, directory, path[level], path[level + 1].Node);
            else if (root.IndirectLevels < MostIndirectLevels)
                Deepen(handle, directory, path[0].Node);
            else
                throw new FileSystemException(Errno.ENOSPC, "add a name", $"the hash tree of {directory} is full");
        }
    }

    private void SplitNode(Handle handle, Inode directory, Step parent, Node node)
    {
        Buffer upper = blocks.Append(handle, directory, out Span<byte> upperBlock, out uint upperNumber); // (6)
        Span<byte> block = handle.GetWriteAccess(node.Buffer);
        int middle = node.Count / 2;
        Span<DxEntry> entries = Entries(block, node.EntriesOffsetBytes)[..node.Count];
        uint boundary = entries[middle].Hash;
        InitializeNode(upperBlock);
        entries[middle..].CopyTo(Entries(upperBlock, DxNode.EntriesOffsetBytes));
        StoreNode(handle, directory, upper, upperBlock, DxNode.EntriesOffsetBytes, node.Count - middle);
        entries[middle..].Clear();
        StoreNode(handle, directory, node.Buffer, block, node.EntriesOffsetBytes, middle);
        InsertEntry(handle, directory, parent, boundary, upperNumber);
    }

    private void Deepen(Handle handle, Inode directory, Node root)
    {
        Buffer node = blocks.Append(handle, directory, out Span<byte> nodeBlock, out uint nodeNumber); // (6)
        Span<byte> block = handle.GetWriteAccess(root.Buffer);
        Span<DxEntry> entries = Entries(block, DxRoot.EntriesOffsetBytes)[..root.Count];
        InitializeNode(nodeBlock);
        entries.CopyTo(Entries(nodeBlock, DxNode.EntriesOffsetBytes));
        StoreNode(handle, directory, node, nodeBlock, DxNode.EntriesOffsetBytes, root.Count);
        entries.Clear();
        entries[0].Block = nodeNumber;
        MemoryMarshal.AsRef<DxRoot>(block).IndirectLevels++;
        StoreNode(handle, directory, root.Buffer, block, DxRoot.EntriesOffsetBytes, 1);
    }

    private void InsertEntry(Handle handle, Inode directory, Step before, uint hash, uint blockNumber)
    {
        Node node = before.Node;
        Span<byte> block = handle.GetWriteAccess(node.Buffer);
        Span<DxEntry> entries = Entries(block, node.EntriesOffsetBytes)[..(node.Count + 1)];
        int at = before.At + 1;
        entries[at..^1].CopyTo(entries[(at + 1)..]);
        entries[at].Hash = hash;
        entries[at].Block = blockNumber;
        StoreNode(handle, directory, node.Buffer, block, node.EntriesOffsetBytes, node.Count + 1);
    }

    private static void InitializeNode(Span<byte> block)
    {
        block.Clear();
        MemoryMarshal.AsRef<DxNode>(block).FakeRecordLength = DirectoryEntry.EncodeRecordLength(block.Length, block.Length);
    }

    /// <summary>Stores how many entries a root or node has (1) and its checksum, and hands it to the journal.</summary>
    private void StoreNode(Handle handle, Inode directory, Buffer buffer, Span<byte> block, int entriesOffsetBytes, int count)
    {
        ref DxCountLimit counts = ref MemoryMarshal.AsRef<DxCountLimit>(block[entriesOffsetBytes..]);
        counts.Limit = (ushort)Limit(entriesOffsetBytes);
        counts.Count = (ushort)count;
        if (_geometry.HasMetadataChecksum)
            NodeRule(directory, buffer, entriesOffsetBytes, counts).Store(block, buffer.OffsetBytes);
        handle.Dirty(buffer);
    }

    private Span<DxEntry> Entries(Span<byte> block, int entriesOffsetBytes) =>
        MemoryMarshal.Cast<byte, DxEntry>(block.Slice(entriesOffsetBytes, Limit(entriesOffsetBytes) * DxEntry.SizeBytes));

    private void Pack(
        Handle handle, Inode directory, Buffer leaf, Span<byte> block, ReadOnlySpan<byte> source, List<HashedName> names)
    {
        blocks.Layout(leaf).Initialize(block);
        int offset = 0;
        for (int i = 0; i < names.Count; i++)
        {
            HashedName name = names[i];
            int recordBytes = i == names.Count - 1 ? blocks.EntriesEndBytes - offset : name.LengthBytes;
            LinearBlock.Place(block, offset, recordBytes, source.Slice(name.OffsetBytes, name.LengthBytes));
            offset += recordBytes;
        }

        blocks.StoreLeaf(handle, directory, leaf, block);
    }

    private List<HashedName> NamesByHash(in DxRoot root, Buffer leaf, ReadOnlySpan<byte> block)
    {
        var names = new List<HashedName>();
        var reader = new DirectoryBlockReader(block, leaf.OffsetBytes, _geometry.HasMetadataChecksum);
        while (reader.MoveNext())
        {
            DirectoryEntry entry = reader.Current;
            if (entry.IsUsed)
                names.Add(new HashedName(HashOf(root, entry.Name), entry.OffsetBytes, DirectoryEntry.RecordLengthFor(entry.Name.Length)));
        }

        names.Sort((first, second) => (first.Hash, first.OffsetBytes).CompareTo((second.Hash, second.OffsetBytes)));
        return names;
    }

    /// <summary>Where to part the names so that the halves are as equal in bytes as can be; neither is empty.</summary>
    private static int Middle(List<HashedName> names)
    {
        int wholeBytes = names.Sum(name => name.LengthBytes);
        int lowerBytes = names[0].LengthBytes;
        for (int middle = 1; ; middle++)
        {
            int nextBytes = lowerBytes + names[middle].LengthBytes;
            if (middle == names.Count - 1 || Math.Abs(wholeBytes - (2 * nextBytes)) >= Math.Abs(wholeBytes - (2 * lowerBytes)))
                return middle;
            lowerBytes = nextBytes;
        }
    }
}
