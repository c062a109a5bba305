using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// The inodes that recovery must truncate to their disk size (those that still have a name) or delete (those that have none). They are
/// chained from the superblock's <c>s_last_orphan</c> through each inode's <c>i_dtime</c>; on volumes with an orphan file they are listed
/// in the file, as long as it has room.
/// </summary>
/// <remarks>
/// Invariants.
/// (1) The chain in memory is the stored one, newest first. Adding changes the superblock and the inode, removing the inode and what
/// points at it: the superblock, or the inode before it, which is alive because it is an orphan.
/// (2) An inode is on the list at most once, and stays in memory while it is.
/// (3) Nothing here waits but recovery, so the list needs no lock.
/// (4) With an orphan file, the superblock says orphan_present from the first orphan on until <see cref="MarkNone"/>.
/// </remarks>
public sealed partial class OrphanList
{
    private readonly VolumeContext _context;
    private readonly InodeTable _inodes;
    private readonly LinkedList<Inode> _chain = [];
    private OrphanFile? _file;

    internal OrphanList(VolumeContext context, InodeTable inodes)
    {
        _context = context;
        _inodes = inodes;
    }

    /// <summary>Credits that <see cref="Add"/> needs at most: superblock, inode, block of the orphan file.</summary>
    public int CreditsToAdd => 3;

    /// <summary>
    /// Credits that <see cref="Remove"/> needs at most: inode, and superblock, the inode before it or the block of the orphan file.
    /// </summary>
    public int CreditsToRemove => 2;

    /// <summary>Whether no inode is on the list.</summary>
    public bool IsEmpty => _chain.Count == 0 && FileCount == 0;

    private int FileCount { get; set; }

    /// <summary>Puts an inode on the list and stores it; nothing happens if it is there already.</summary>
    public void Add(Handle handle, Inode inode)
    {
        if (inode.IsOrphan)
            return; // (2)
        inode.IsOrphan = true;
        if (File is { } file && file.TryAdd(handle, inode.Number, out int slot))
        {
            inode.OrphanSlot = slot;
            FileCount++;
            MarkPresent(handle);
            inode.MarkDirty(handle);
            return;
        }

        ref SuperBlock superBlock = ref _context.SuperBlock.GetWriteAccess(handle);
        inode.Record.DeletionTime = superBlock.LastOrphan; // (1)
        superBlock.LastOrphan = inode.Number;
        _context.SuperBlock.Dirty(handle);
        inode.OrphanNode = _chain.AddFirst(inode);
        inode.MarkDirty(handle);
    }

    /// <summary>Takes an inode off the list and stores it; nothing happens if it is not there.</summary>
    public void Remove(Handle handle, Inode inode)
    {
        if (!inode.IsOrphan)
            return;
        inode.IsOrphan = false;
        if (inode.OrphanNode is not { } node)
        {
            File!.Remove(handle, inode.Number, inode.OrphanSlot);
            FileCount--;
            inode.MarkDirty(handle);
            return;
        }

        uint next = inode.Record.DeletionTime; // (1)
        if (node.Previous is { } before)
        {
            before.Value.Record.DeletionTime = next;
            before.Value.MarkDirty(handle);
        }
        else
        {
            _context.SuperBlock.GetWriteAccess(handle).LastOrphan = next;
            _context.SuperBlock.Dirty(handle);
        }

        _chain.Remove(node);
        inode.OrphanNode = null;
        inode.Record.DeletionTime = 0;
        inode.MarkDirty(handle);
    }

    /// <summary>
    /// Says in the superblock that no orphan is in the orphan file: at unmount. One credit; nothing happens where it says so already.
    /// </summary>
    public void MarkNone(Handle handle)
    {
        InvariantException.Require(FileCount == 0, "orphans are gone when the superblock says that there are none");
        if (!_context.SuperBlock.Value.Has(ReadOnlyCompatibleFeatures.OrphanPresent))
            return;
        ref SuperBlock superBlock = ref _context.SuperBlock.GetWriteAccess(handle);
        superBlock.ReadOnlyCompatible &= ~ReadOnlyCompatibleFeatures.OrphanPresent;
        _context.SuperBlock.Dirty(handle);
    }

    private OrphanFile? File
    {
        get
        {
            if (_file is null && _context.SuperBlock.Value.Has(CompatibleFeatures.OrphanFile))
                _file = OrphanFile.Open(_context, _inodes);
            return _file;
        }
    }

    private void MarkPresent(Handle handle)
    {
        if (_context.SuperBlock.Value.Has(ReadOnlyCompatibleFeatures.OrphanPresent)) // (4)
            return;
        ref SuperBlock superBlock = ref _context.SuperBlock.GetWriteAccess(handle);
        superBlock.ReadOnlyCompatible |= ReadOnlyCompatibleFeatures.OrphanPresent;
        _context.SuperBlock.Dirty(handle);
    }
}
