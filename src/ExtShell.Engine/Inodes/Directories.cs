using System.Runtime.InteropServices;
using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// The content of directories: names to inode numbers. Linear directories of any size are read and written. A directory that outgrows its
/// first block gets a hash tree, where the volume has dir_index.
/// </summary>
/// <remarks>
/// (1) Nothing here waits. Who changes a directory holds its inode lock exclusively; who reads it needs no lock, because every change is
/// whole between two waits.
/// (2) A linear directory of more than one block stays linear: the kernel, too, makes a tree only as the second block comes.
/// (3) Blocks before <see cref="Inode.InsertHint"/> have no room for a name as long as the one that set it, so that filling a directory
/// does not read it all again for each name. Removing a name lowers the hint.
/// (4) A directory is changed with its times, under the same handle.
/// </remarks>
public sealed class Directories
{
    private readonly VolumeContext _context;
    private readonly DirectoryBlocks _blocks;
    private readonly HashTree _hashTree;

    /// <summary>Makes it for a volume.</summary>
    public Directories(VolumeContext context)
    {
        _context = context;
        _blocks = new DirectoryBlocks(context);
        _hashTree = new HashTree(_blocks, context);
    }

    /// <summary>Whether the directory has a hash tree.</summary>
    public bool IsHashTree(Inode directory) => (directory.Flags & InodeFlags.DirectoryIndex) != 0 && MakesHashTrees;

    private bool MakesHashTrees => _context.SuperBlock.Value.Has(CompatibleFeatures.DirectoryIndex);

    /// <summary>The inode's number that <paramref name="name"/> stands for; 0 if there is no such name. Finds "." and ".." too.</summary>
    /// <exception cref="CorruptionException">The directory is damaged.</exception>
    public uint Lookup(Inode directory, ReadOnlySpan<byte> name)
    {
        if (name.Length > DirectoryEntry.MaxNameLengthBytes)
            return 0;
        (Buffer? leaf, int offset, _) = Find(directory, name);
        return leaf is null ? 0 : LinearBlock.Header(_blocks.Bytes(leaf), offset).Inode.Value;
    }

    /// <summary>The number of the parent: what ".." says.</summary>
    public uint Parent(Inode directory)
    {
        if (IsHashTree(directory))
            return _hashTree.ReadRoot(directory).DotDotInode;
        (Buffer leaf, int offset) = FindDotDot(directory);
        return LinearBlock.Header(_blocks.Bytes(leaf), offset).Inode.Value;
    }

    /// <summary>
    /// The names in the order in which the directory stores them (a hash tree: by hash), copied out; "." and ".." are left out.
    /// </summary>
    /// <exception cref="CorruptionException">The directory is damaged.</exception>
    public IReadOnlyList<DirectoryName> Enumerate(Inode directory)
    {
        var names = new List<DirectoryName>();
        bool isRaw = (directory.Flags & InodeFlags.Encrypted) != 0;
        foreach (Buffer leaf in Leaves(directory))
        {
            var reader = new DirectoryBlockReader(_blocks.Bytes(leaf), leaf.OffsetBytes, _context.Geometry.HasMetadataChecksum, isRaw);
            while (reader.MoveNext())
            {
                if (reader.Current.IsUsed && !IsDotOrDotDot(reader.Current.Name))
                    names.Add(new DirectoryName(reader.Current.Inode, ShownType(reader.Current.FileType), reader.Current.Name.ToArray()));
            }
        }

        return names;
    }

    /// <summary>Whether it has no names but "." and "..".</summary>
    public bool IsEmpty(Inode directory)
    {
        foreach (Buffer leaf in Leaves(directory))
        {
            var reader = new DirectoryBlockReader(_blocks.Bytes(leaf), leaf.OffsetBytes, _context.Geometry.HasMetadataChecksum);
            while (reader.MoveNext())
            {
                if (reader.Current.IsUsed && !IsDotOrDotDot(reader.Current.Name))
                    return false;
            }
        }

        return true;
    }

    /// <summary>Throws unless names can be added and removed.</summary>
    /// <exception cref="FileSystemException">EOPNOTSUPP: its names are encrypted or ignore case.</exception>
    public static void RequireWritable(Inode directory, string operation)
    {
        if ((directory.Flags & (InodeFlags.Encrypted | InodeFlags.CaseFolding)) != 0)
            throw new FileSystemException(Errno.EOPNOTSUPP, operation, $"{directory} is a directory that is encrypted or ignores case");
    }

    /// <summary>
    /// Credits that <see cref="Add"/> needs at most: a new block, its mapping, the directory's inode; and with a hash tree, or where one
    /// comes into being, a second block with its mapping, the leaf that is split and two nodes.
    /// </summary>
    public int CreditsToAdd(Inode directory)
    {
        int credits = directory.Map.CreditsToMap(1) + 2;
        bool mayTakeTwo = MakesHashTrees && (IsHashTree(directory) || directory.SizeBytes <= _blocks.BlockSizeBytes);
        return mayTakeTwo ? credits + directory.Map.CreditsToMap(1) + 4 : credits;
    }

    /// <summary>Credits that <see cref="Remove"/> and <see cref="Replace"/> need: the block and the directory's inode.</summary>
    public const int CreditsToRemove = 2;

    /// <summary>Adds a name that is not there yet.</summary>
    /// <exception cref="FileSystemException">ENOSPC: nothing was changed. EOPNOTSUPP.</exception>
    public void Add(Handle handle, Inode directory, ReadOnlySpan<byte> name, uint inode, InodeMode mode)
    {
        RequireWritable(directory, "add a name");
        FileName.Check(name);
        if (IsHashTree(directory))
        {
            AddToTree(handle, directory, name, inode, mode);
            return;
        }

        int neededBytes = DirectoryEntry.RecordLengthFor(name.Length);
        uint count = _blocks.Count(directory);
        uint logical = directory.InsertHint.IsFor(neededBytes) ? directory.InsertHint.Block : 0; // (3)
        for (; logical < count; logical++)
        {
            Buffer leaf = _blocks.GetLeaf(directory, logical);
            int offset = _blocks.Layout(leaf).FindRoom(_blocks.Bytes(leaf), neededBytes);
            if (offset == LinearBlock.None)
                continue;
            Span<byte> block = handle.GetWriteAccess(leaf);
            _blocks.Layout(leaf).Insert(block, offset, inode, StoredType(mode), name);
            _blocks.StoreLeaf(handle, directory, leaf, block);
            Touch(handle, directory, logical, neededBytes);
            return;
        }

        if (count == 1 && MakesHashTrees && _hashTree.CanMake(directory))
        {
            _hashTree.Make(handle, directory);
            AddToTree(handle, directory, name, inode, mode);
            return;
        }

        Append(handle, directory, name, inode, mode); // (2)
        Touch(handle, directory, count, neededBytes);
    }

    private void AddToTree(Handle handle, Inode directory, ReadOnlySpan<byte> name, uint inode, InodeMode mode)
    {
        _hashTree.Add(handle, directory, name, inode, StoredType(mode));
        Touch(handle, directory);
    }

    /// <summary>Takes a name away.</summary>
    /// <exception cref="FileSystemException">ENOENT, EOPNOTSUPP.</exception>
    public void Remove(Handle handle, Inode directory, ReadOnlySpan<byte> name)
    {
        RequireWritable(directory, "remove a name");
        (Buffer leaf, int offset, uint logical) = FindExisting(directory, name);
        Span<byte> block = handle.GetWriteAccess(leaf);
        _blocks.Layout(leaf).Remove(block, offset);
        _blocks.StoreLeaf(handle, directory, leaf, block);
        directory.InsertHint = directory.InsertHint.Lowered(logical); // (3)
        Touch(handle, directory);
    }

    /// <summary>Makes a name that is there stand for another inode: of rename, and of ".." when a directory moves.</summary>
    /// <exception cref="FileSystemException">ENOENT, EOPNOTSUPP.</exception>
    public void Replace(Handle handle, Inode directory, ReadOnlySpan<byte> name, uint inode, InodeMode mode)
    {
        RequireWritable(directory, "replace a name");
        if (IsHashTree(directory) && name.SequenceEqual(".."u8))
        {
            _hashTree.SetParent(handle, directory, inode);
            Touch(handle, directory);
            return;
        }

        (Buffer leaf, int offset, _) = FindExisting(directory, name);
        Span<byte> block = handle.GetWriteAccess(leaf);
        ref DirectoryEntryHeader header = ref MemoryMarshal.AsRef<DirectoryEntryHeader>(block[offset..]);
        header.Inode = inode;
        header.FileType = StoredType(mode);
        _blocks.StoreLeaf(handle, directory, leaf, block);
        Touch(handle, directory);
    }

    /// <summary>
    /// Gives a new directory its first block with "." and "..", and stores the inode. Needs the credits of <see cref="CreditsToAdd"/>.
    /// </summary>
    /// <exception cref="FileSystemException">ENOSPC: nothing was changed.</exception>
    public void Initialize(Handle handle, Inode directory, uint parent)
    {
        InvariantException.Require(directory.SizeBytes == 0, "a directory is initialized while it is empty");
        Buffer leaf = _blocks.Append(handle, directory, out Span<byte> block, out _);
        _blocks.Layout(leaf).InitializeFirst(block, directory.Number, parent, StoredType(InodeMode.Directory));
        _blocks.StoreLeaf(handle, directory, leaf, block);
    }

    private void Append(Handle handle, Inode directory, ReadOnlySpan<byte> name, uint inode, InodeMode mode)
    {
        Buffer leaf = _blocks.Append(handle, directory, out Span<byte> block, out _);
        LinearBlock layout = _blocks.Layout(leaf);
        layout.Initialize(block);
        layout.Insert(block, 0, inode, StoredType(mode), name);
        _blocks.StoreLeaf(handle, directory, leaf, block);
    }

    private void Touch(Handle handle, Inode directory, uint hintBlock, int neededBytes)
    {
        directory.InsertHint = new InsertHint(hintBlock, neededBytes); // (3)
        Touch(handle, directory);
    }

    private static void Touch(Handle handle, Inode directory)
    {
        handle.IsSync |= directory.IsSynchronous;
        directory.ModifyTime = directory.ChangeTime = directory.Now(); // (4)
        directory.MarkDirty(handle);
    }

    private IEnumerable<Buffer> Leaves(Inode directory) => IsHashTree(directory) ? _hashTree.Leaves(directory) : LinearLeaves(directory);

    private IEnumerable<Buffer> LinearLeaves(Inode directory)
    {
        uint count = _blocks.Count(directory);
        for (uint logical = 0; logical < count; logical++)
            yield return _blocks.GetLeaf(directory, logical);
    }

    /// <summary>The leaf that holds the name, and where; the leaf's number is told of linear directories only.</summary>
    private (Buffer? Leaf, int Offset, uint Logical) Find(Inode directory, ReadOnlySpan<byte> name)
    {
        if (IsHashTree(directory))
            return FindInTree(directory, name);
        uint count = _blocks.Count(directory);
        for (uint logical = 0; logical < count; logical++)
        {
            Buffer leaf = _blocks.GetLeaf(directory, logical);
            int offset = _blocks.Layout(leaf).Find(_blocks.Bytes(leaf), name);
            if (offset != LinearBlock.None)
                return (leaf, offset, logical);
        }

        return default;
    }

    private (Buffer? Leaf, int Offset, uint Logical) FindInTree(Inode directory, ReadOnlySpan<byte> name)
    {
        if (IsDotOrDotDot(name))
        {
            _hashTree.ReadRoot(directory);
            return (_blocks.Get(directory, 0), name.Length == 1 ? 0 : DirectoryEntry.RecordLengthFor(1), 0);
        }

        foreach (Buffer leaf in _hashTree.LeavesOf(directory, name))
        {
            int offset = _blocks.Layout(leaf).Find(_blocks.Bytes(leaf), name);
            if (offset != LinearBlock.None)
                return (leaf, offset, 0);
        }

        return default;
    }

    private (Buffer Leaf, int Offset, uint Logical) FindExisting(Inode directory, ReadOnlySpan<byte> name)
    {
        (Buffer? leaf, int offset, uint logical) = Find(directory, name);
        if (leaf is null)
            throw new FileSystemException(Errno.ENOENT, $"name \"{FileName.Decode(name)}\"", $"it is not in the directory ({directory})");
        return (leaf, offset, logical);
    }

    private (Buffer Leaf, int Offset) FindDotDot(Inode directory)
    {
        Buffer first = _blocks.GetLeaf(directory, 0);
        int offset = _blocks.Layout(first).Find(_blocks.Bytes(first), ".."u8);
        if (offset == LinearBlock.None)
            throw new CorruptionException(first.OffsetBytes, $"directory block of {directory}", "entries", "\"..\" among them", "none");
        return (first, offset);
    }

    private FileType StoredType(InodeMode mode) => _context.Geometry.HasFileType ? DirectoryEntry.TypeOf(mode) : FileType.Unknown;

    private FileType ShownType(FileType stored) => _context.Geometry.HasFileType ? stored : FileType.Unknown;

    private static bool IsDotOrDotDot(ReadOnlySpan<byte> name) => name is [(byte)'.'] or [(byte)'.', (byte)'.'];
}
