using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// A live inode: a copy of its stored bytes, what exists in memory only (in-memory size, locks, counts, page cache, transactions), and
/// its map. <see cref="InodeTable"/> keeps one object for each number.
/// </summary>
/// <remarks>
/// Invariants.
/// (1) The record is the stored inode, byte for byte, as the next <see cref="MarkDirty"/> writes it: unknown fields, attributes and the
/// project survive.
/// (2) The record's size is the disk size. The in-memory size is beside it, and reaches the disk only through <see cref="DiskSizeBytes"/>.
/// (3) Every change of the record is followed by <see cref="MarkDirty"/> under the same handle, with no wait between: what is committed
/// is whole.
/// (4) An inode that is unlinked or being truncated is on the orphan list before the transaction that makes it so can commit.
/// Locks, outermost first: directory locks (parent before child, else by number), <see cref="Lock"/>, <see cref="InvalidationLock"/>,
/// handle, <see cref="MappingLock"/>. Sizes and the map are changed with both held; the map is read with the mapping lock held shared.
/// </remarks>
public sealed partial class Inode : IMappedInode, IFootprint
{
    /// <summary>
    /// Credits that <see cref="MarkDirty"/> needs where the disk size may have grown: the inode's block, and the superblock for large_file.
    /// </summary>
    public const int CreditsToStoreSize = 2;

    /// <summary>The most names that an inode can have.</summary>
    public const int MaxLinks = 65000;

    private readonly VolumeContext _context;
    private readonly Machine _machine;
    private readonly byte[] _record;
    private readonly Buffer _buffer;
    private readonly int _offsetInBlock;
    private IBlockMap? _map;
    private long _sectorsCount;

    /// <summary>The inode's number.</summary>
    public uint Number { get; }

    /// <inheritdoc/>
    public long FootprintKey => Number;

    /// <summary>Distinguishes the files that had the number one after the other (<c>i_generation</c>).</summary>
    public uint Generation => Record.Generation;

    /// <summary>
    /// The size that readers see now, in bytes (<c>i_size</c>). Written by who holds the inode lock and, for what is written back, the
    /// mapping lock. Where it grows, what mappings stored past the old end becomes zero.
    /// </summary>
    public long SizeBytes
    {
        get
        {
            Touch(InodePart.Size, AccessKind.Read);
            return field;
        }
        set
        {
            Touch(InodePart.Size, AccessKind.Write);
            if (value > field)
                _pages?.Extend(field, value);
            field = value;
        }
    }

    /// <summary>
    /// The size that the next <see cref="MarkDirty"/> stores, in bytes (<c>i_disksize</c>). Changed with the mapping lock held
    /// exclusively.
    /// </summary>
    public long DiskSizeBytes // (2)
    {
        get
        {
            Touch(InodePart.DiskSize, AccessKind.Read);
            return Record.Size;
        }
        set
        {
            Touch(InodePart.DiskSize, AccessKind.Write);
            Record.Size = value;
        }
    }

    /// <summary>What is allocated to the inode, in bytes: data, tree blocks, attributes.</summary>
    public long AllocatedBytes => _sectorsCount * 512;

    /// <summary>The inode lock (<c>i_rwsem</c>).</summary>
    public SimulatedReadWriteLock Lock { get; }

    /// <summary>The mapping lock (<c>i_data_sem</c>): protects the map and the disk size.</summary>
    public SimulatedReadWriteLock MappingLock { get; }

    /// <summary>
    /// The invalidation lock (<c>invalidate_lock</c>): held shared while a page is filled from the device and over a fault of a mapping,
    /// exclusively by who takes mapped blocks out from under the page cache. Between <see cref="Lock"/> and handles, and outside of the
    /// locks of pages.
    /// </summary>
    public SimulatedReadWriteLock InvalidationLock { get; }

    /// <summary>How many files are open on it; kept by who opens.</summary>
    public int OpenCount { get; set; }

    /// <summary>References that keep it alive; see <see cref="InodeTable"/>.</summary>
    public int ReferenceCount { get; internal set; }

    /// <summary>Whether the table has let go of it: who uses it still held no reference.</summary>
    public bool IsEvicted { get; internal set; }

    /// <summary>Whether it is on the orphan list.</summary>
    public bool IsOrphan
    {
        get
        {
            Touch(InodePart.Record, AccessKind.Read);
            return field;
        }
        internal set
        {
            Touch(InodePart.Record, AccessKind.Write);
            field = value;
        }
    }

    /// <summary>The transaction that has to commit before fsync may return (<c>i_sync_tid</c>).</summary>
    public TransactionId SyncTransaction
    {
        get
        {
            Touch(InodePart.Map, AccessKind.Read);
            return field;
        }
        private set;
    }

    /// <summary>
    /// The transaction that has to commit before fdatasync may return (<c>i_datasync_tid</c>): the last that changed size or map.
    /// </summary>
    public TransactionId DataSyncTransaction
    {
        get
        {
            Touch(InodePart.Map, AccessKind.Read);
            return field;
        }
        private set;
    }

    /// <summary>The map of its blocks.</summary>
    /// <exception cref="FileSystemException">EOPNOTSUPP: its data is in the inode.</exception>
    /// <exception cref="EvictedInodeException">The table has let go of the inode.</exception>
    public IBlockMap Map
    {
        get
        {
            RequireLive("its map is asked for");
            Touch(InodePart.Map, AccessKind.Read);
            return _map ??= OpenMap();
        }
    }

    /// <summary>The map of its blocks as an extent tree, which can do more than maps in general.</summary>
    /// <exception cref="FileSystemException">EOPNOTSUPP: it has a block map, or its data is in the inode.</exception>
    public ExtentMap Extents => Map as ExtentMap
        ?? throw new FileSystemException(Errno.EOPNOTSUPP, ToString(), "it is mapped by blocks, and those have no unwritten state");

    /// <inheritdoc/>
    public BlockUse ContentUse =>
        IsDirectory || IsSymbolicLink || (Flags & InodeFlags.JournalData) != 0 ? BlockUse.Metadata
        : _context.JournalsData ? BlockUse.JournalledData : BlockUse.Data;

    /// <summary>
    /// Whether its privileges or security attributes were set since a write last looked for privileges to take away; in memory only.
    /// </summary>
    internal bool HasNewSecurity
    {
        get;
        set
        {
            if (field == value)
                return;
            Touch(InodePart.Record, AccessKind.Write);
            field = value;
        }
    }

    /// <summary>Its place in the chain of orphans.</summary>
    internal LinkedListNode<Inode>? OrphanNode { get; set; }

    /// <summary>Its slot in the orphan file.</summary>
    internal int OrphanSlot { get; set; }

    /// <summary>Its place among the inodes that nobody references.</summary>
    internal LinkedListNode<Inode>? IdleNode { get; set; }

    /// <summary>Says that the running step looks at a part of the inode or changes it: its footprint.</summary>
    public void Touch(InodePart part, AccessKind access) => _machine.Touch(this, (int)part, 1, access);

    /// <summary>Throws if the table has let go of the inode.</summary>
    /// <param name="use">What it is used for.</param>
    /// <exception cref="EvictedInodeException">It has.</exception>
    public void RequireLive(string use)
    {
        if (IsEvicted)
            throw new EvictedInodeException(Number, UserName(), use);
    }

    /// <inheritdoc/>
    public override string ToString() => $"inode {Number}";

    private string UserName() => _context.Machine.Context == ExecutionContextKind.Interrupt
        ? "the end of an I/O, in interrupt context"
        : _context.Machine.Current?.Name ?? "nobody's thread";
}
