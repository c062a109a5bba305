using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>The live inodes of a volume: one object for each number, alive while it is referenced, dirty, or recently used.</summary>
/// <remarks>
/// Invariants.
/// (1) There is at most one live object for a number. It leaves the table before its number can be given out again.
/// (2) Whoever keeps an inode over a wait holds a reference. The last one given back of an inode without names deletes it: truncates it
/// in bounded transactions, frees its attributes and its number, and takes it off the orphan list in the transaction that frees the
/// number.
/// (3) An inode with names is let go of when nobody references it, it has no dirty pages and no size that is still to be stored, and more
/// than <see cref="MaxIdle"/> others were used later. Everything else of it is in the buffer cache, so letting go writes nothing.
/// (4) No order that depends on hashing can be seen: inodes are listed by number.
/// (5) An inode that cannot be deleted, because of an error or because the journal was stopped, stays an orphan, on the volume and here:
/// the next mount deletes it.
/// </remarks>
public sealed class InodeTable
{
    private const int MaxIdle = 4096;

    private const InodeFlags InheritedFlags =
        InodeFlags.SecureDeletion | InodeFlags.Undelete | InodeFlags.Compressed | InodeFlags.Synchronous | InodeFlags.NoDump
        | InodeFlags.NoAccessTime | InodeFlags.NoCompression | InodeFlags.JournalData | InodeFlags.NoTailMerge | InodeFlags.DirectorySync
        | InodeFlags.ProjectInherit | InodeFlags.CaseFolding | InodeFlags.DirectAccess;

    private readonly VolumeContext _context;
    private readonly Dictionary<uint, Inode> _live = [];
    private readonly LinkedList<Inode> _idle = [];

    /// <summary>Makes an empty table.</summary>
    public InodeTable(VolumeContext context)
    {
        _context = context;
        Orphans = new OrphanList(context, this);
        Truncation = new Truncation(context, Orphans);
        Attributes = new ExtendedAttributes(context);
    }

    /// <summary>The inodes that recovery would have to look at.</summary>
    public OrphanList Orphans { get; }

    /// <summary>What changes the size of files.</summary>
    public Truncation Truncation { get; }

    /// <summary>The extended attributes.</summary>
    public ExtendedAttributes Attributes { get; }

    /// <summary>
    /// Credits that <see cref="Create"/> needs at most: bitmap, descriptor, inode, and the block before initialization of a group.
    /// </summary>
    public int CreditsToCreate => InodeAllocator.CreditsToAllocate + 1;

    /// <summary>The inode, with a reference that <see cref="ReleaseAsync"/> gives back.</summary>
    /// <exception cref="CorruptionException">The number is no file's, or the stored inode is damaged or deleted.</exception>
    public Inode Get(uint number)
    {
        if (number != InodeNumbers.Root && (number < _context.Geometry.FirstInode || !_context.Geometry.IsInode(number)))
            throw WrongNumber(number);
        Inode inode = GetAny(number);
        if (inode.LinksCount == 0 && inode.ReferenceCount == 0)
            throw new CorruptionException(inode.ImageOffsetBytes, inode.ToString(), "i_links_count", "an inode that is in use", "0");
        return Retain(inode);
    }

    /// <summary>The inode, as <see cref="Get"/>, without a reference: valid until the next wait.</summary>
    internal Inode Peek(uint number)
    {
        if (_live.TryGetValue(number, out Inode? live))
            return live;
        Inode inode = Get(number);
        inode.ReferenceCount = 0;
        Rest(inode);
        return inode;
    }

    /// <summary>
    /// One of the volume's own inodes (journal, resize, orphan file), or any other that need not have a name; with a reference.
    /// </summary>
    /// <exception cref="CorruptionException">No such inode, or it is damaged.</exception>
    public Inode GetReserved(uint number)
    {
        if (!_context.Geometry.IsInode(number))
            throw WrongNumber(number);
        return Retain(GetAny(number));
    }

    /// <summary>The live inode of that number, if there is one; without a reference.</summary>
    public Inode? Find(uint number) => _live.GetValueOrDefault(number);

    /// <summary>The live inodes, by number; without references.</summary>
    public IReadOnlyList<Inode> Live()
    {
        _context.Machine.Touch(SharedState.InodeTable, AccessKind.Read);
        var inodes = new List<Inode>(_live.Values);
        inodes.Sort(static (left, right) => left.Number.CompareTo(right.Number)); // (4)
        return inodes;
    }

    /// <summary>Takes another reference of an inode that is alive.</summary>
    public Inode Retain(Inode inode)
    {
        inode.RequireLive("it is referenced");
        inode.Touch(InodePart.References, AccessKind.Write);
        if (inode.ReferenceCount++ == 0 && inode.IdleNode is { } node)
        {
            _idle.Remove(node);
            inode.IdleNode = null;
        }

        return inode;
    }

    /// <summary>
    /// Makes an inode with one link and a reference, near <paramref name="directory"/>, and stores it. It has no name yet.
    /// </summary>
    /// <param name="handle">Has <see cref="CreditsToCreate"/> credits.</param>
    /// <param name="directory">Where its name will be.</param>
    /// <param name="what">What it shall be.</param>
    /// <exception cref="FileSystemException">ENOSPC: no inode is free.</exception>
    public Inode Create(Handle handle, Inode directory, in NewInode what)
    {
        uint number = _context.Inodes.Allocate(handle, directory.Number, what.Mode);
        InvariantException.Require(!_live.ContainsKey(number), "a free number belongs to no live inode"); // (1)
        InodeMode mode = what.Mode;
        uint group = what.Group;
        if ((directory.Mode & InodeMode.SetGroupId) != 0)
        {
            group = directory.Group;
            if ((mode & InodeMode.TypeMask) == InodeMode.Directory)
                mode |= InodeMode.SetGroupId;
        }

        NewInode settled = what with { Mode = mode, Group = group };
        Inode inode = Inode.Make(_context, number, _context.Inodes.NextGeneration(), settled, FlagsFor(directory, settled));
        _context.Machine.Touch(SharedState.InodeTable, AccessKind.Write);
        _live.Add(number, inode);
        inode.ReferenceCount = 1;
        inode.MarkDirty(handle);
        return inode;
    }

    /// <summary>
    /// Gives a reference back. The last one of an inode without names deletes it, which takes handles and may wait for I/O; so the caller
    /// holds neither a handle nor the inode's locks.
    /// </summary>
    public async ValueTask ReleaseAsync(Inode inode)
    {
        InvariantException.Require(inode.ReferenceCount > 0, "a reference that is given back was taken");
        inode.Touch(InodePart.References, AccessKind.Write);
        if (inode.ReferenceCount > 1 || inode.LinksCount > 0)
        {
            if (--inode.ReferenceCount == 0)
                Rest(inode);
            return;
        }

        await DeleteAsync(inode); // (2)
    }

    private Inode GetAny(uint number)
    {
        if (_live.TryGetValue(number, out Inode? live))
            return live;
        _context.Machine.Touch(SharedState.InodeTable, AccessKind.Write);
        Inode inode = Inode.Load(_context, number);
        _live.Add(number, inode);
        return inode;
    }

    private void Rest(Inode inode)
    {
        _context.Machine.Touch(SharedState.InodeTable, AccessKind.Write);
        inode.IdleNode = _idle.AddLast(inode);
        EvictIdle(MaxIdle);
    }

    /// <summary>Lets go of all inodes that nobody references and that need nothing to be written.</summary>
    public void DropIdle() => EvictIdle(0);

    private void EvictIdle(int most)
    {
        for (LinkedListNode<Inode>? node = _idle.First; node is not null && _idle.Count > most;)
        {
            LinkedListNode<Inode>? next = node.Next;
            Inode inode = node.Value;
            if (!inode.HasDirtyPages && !inode.IsOrphan && inode.InFlightCount == 0 && inode.SizeBytes == inode.DiskSizeBytes) // (3)
            {
                _idle.Remove(node);
                inode.IdleNode = null;
                Forget(inode);
            }

            node = next;
        }
    }

    private void Forget(Inode inode)
    {
        _context.Machine.Touch(SharedState.InodeTable, AccessKind.Write);
        inode.Touch(InodePart.References, AccessKind.Write);
        inode.IsEvicted = true;
        _live.Remove(inode.Number); // (1)
    }

    private async ValueTask DeleteAsync(Inode inode)
    {
        if (_context.Journal.IsAborted) // (5)
        {
            inode.ReferenceCount = 0;
            return;
        }

        bool isDeleted = false;
        try
        {
            await FreeAsync(inode);
            isDeleted = true;
        }
        finally
        {
            if (!isDeleted)
                inode.ReferenceCount = 0; // (5)
        }
    }

    private async ValueTask FreeAsync(Inode inode)
    {
        Handle handle = await Truncation.BeginDeletionAsync(inode);
        try
        {
            await handle.EnsureCreditsAsync(
                Orphans.CreditsToRemove + InodeAllocator.CreditsToFree + ExtendedAttributes.CreditsToRelease + 1);
            Attributes.Release(handle, inode);
            Orphans.Remove(handle, inode);
            inode.Record.DeletionTime = (uint)_context.Machine.Clock.NowSeconds;
            inode.MarkDirty(handle);
            inode.ReferenceCount = 0;
            Forget(inode); // (1)
            _context.Inodes.Free(handle, inode.Number, inode.IsDirectory);
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    private InodeFlags FlagsFor(Inode directory, in NewInode what)
    {
        InodeFlags flags = directory.Flags & InheritedFlags;
        InodeMode type = what.Mode & InodeMode.TypeMask;
        if (type == InodeMode.Regular)
            flags &= ~(InodeFlags.DirectorySync | InodeFlags.CaseFolding);
        else if (type != InodeMode.Directory)
            flags &= InodeFlags.NoDump | InodeFlags.NoAccessTime;
        return what.HasMap && _context.SuperBlock.Value.Has(IncompatibleFeatures.Extents) ? flags | InodeFlags.Extents : flags;
    }

    private CorruptionException WrongNumber(uint number) =>
        new(0, "directory entry", "inode", $"2 or {_context.Geometry.FirstInode} to {_context.Geometry.InodesCount}", $"{number}");
}
