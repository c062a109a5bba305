using ExtShell.Engine.Allocation;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// A live inode: a copy of its stored bytes, what exists in memory only (in-memory size, locks, counts, page cache, transactions), and
/// its map.
/// <see cref="InodeTable"/> keeps one object for each number.
/// </summary>
/// <remarks>
/// Invariants.
/// (1) The record is the stored inode, byte for byte, as the next <see cref="MarkDirty"/> writes it: unknown fields, attributes and the
/// project survive.
/// (2) The record's size is the disk size. The in-memory size is beside it, and reaches the disk only through <see cref="DiskSizeBytes"/>.
/// (3) Every change of the record is followed by <see cref="MarkDirty"/> under the same handle, with no wait between: what is committed
/// is whole.
/// (4) An inode that is unlinked or being truncated is on the orphan list before the transaction that makes it so can commit. Locks,
/// outermost first: directory locks (parent before child, else by number), <see cref="Lock"/>, <see cref="InvalidationLock"/>, handle,
/// <see cref="MappingLock"/>. Sizes and the map are changed with both held; the map is read with the mapping lock held shared.
/// </remarks>
public sealed partial class Inode : IMappedInode, IFootprint
{
    /// <summary>
    /// Credits that <see cref="MarkDirty"/> needs where the disk size may have grown: the inode's block, and the superblock for large_file.
    /// </summary>
    public const int CreditsToStoreSize = 2;

    /// <summary>The most names that an inode can have.</summary>
    public const int MaxLinks = 65000;

    /// <summary>How far inodes' times move at once: 250 ticks a second.</summary>
    public const long TickNanoseconds = 4_000_000;

    private readonly VolumeContext _context;
    private readonly Machine _machine;
    private readonly byte[] _record;
    private readonly Buffer _buffer;
    private readonly int _offsetInBlock;
    private readonly WaitCondition _noDirectIo;
    private IBlockMap? _map;
    private PageCache? _pages;
    private OrderedFileData? _ordered;
    private long _sectorsCount;
    private int _volumeErrorsCount;

    /// <summary>The inode's number.</summary>
    public uint Number { get; }

    /// <inheritdoc/>
    public long FootprintKey => Number;

    /// <summary>Distinguishes the files that had the number one after the other (<c>i_generation</c>).</summary>
    public uint Generation => Record.Generation;

    /// <summary>Type and permissions.</summary>
    public InodeMode Mode
    {
        get => Record.Mode;
        set => Record.Mode = value;
    }

    /// <summary>The type bits of the mode.</summary>
    public InodeMode Type => Record.Type;

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => Record.IsDirectory;

    /// <summary>Whether it is a regular file.</summary>
    public bool IsRegular => Record.IsRegular;

    /// <summary>Whether it is a symbolic link.</summary>
    public bool IsSymbolicLink => Record.IsSymbolicLink;

    /// <summary>Whether it is a character or block device.</summary>
    public bool IsDevice => Record.Type is InodeMode.CharacterDevice or InodeMode.BlockDevice;

    /// <summary>How many names it has; a directory that has too many subdirectories to count says 1.</summary>
    public int LinksCount
    {
        get => Record.LinksCount;
        set => Record.LinksCount = checked((ushort)value);
    }

    /// <summary>The owner's id.</summary>
    public uint Owner
    {
        get => Record.Uid;
        set => Record.Uid = value;
    }

    /// <summary>The group's id.</summary>
    public uint Group
    {
        get => Record.Gid;
        set => Record.Gid = value;
    }

    /// <summary>The flags.</summary>
    public InodeFlags Flags
    {
        get => Record.Flags;
        set => Record.Flags = value;
    }

    /// <summary>Whether every change of it is to be durable before it returns (<c>chattr +S</c>, and <c>+D</c> for directories).</summary>
    public bool IsSynchronous => (Flags & (InodeFlags.Synchronous | (IsDirectory ? InodeFlags.DirectorySync : InodeFlags.None))) != 0;

    /// <summary>Last access.</summary>
    public Timestamp AccessTime
    {
        get => Record.AccessTime;
        set => Record.AccessTime = value;
    }

    /// <summary>Last change of the content.</summary>
    public Timestamp ModifyTime
    {
        get => Record.ModifyTime;
        set => Record.ModifyTime = value;
    }

    /// <summary>Last change of the inode.</summary>
    public Timestamp ChangeTime
    {
        get => Record.ChangeTime;
        set => Record.ChangeTime = value;
    }

    /// <summary>When it was made; 1970 where the inode has no room for it.</summary>
    public Timestamp CreationTime => Record.CreationTime;

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

    /// <summary>The block of extended attributes; 0 for none.</summary>
    public long AttributeBlock
    {
        get => Record.FileAcl;
        internal set => Record.FileAcl = value;
    }

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

    /// <summary>Direct I/Os that truncate and punch wait for.</summary>
    public int InFlightCount
    {
        get
        {
            Touch(InodePart.InFlight, AccessKind.Read);
            return field;
        }
        private set;
    }

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

    /// <summary>Blocks that delayed allocation reserved for its dirty pages over holes; see <see cref="Reservations"/>.</summary>
    public int ReservedBlocks
    {
        get
        {
            Touch(InodePart.Record, AccessKind.Read);
            return field;
        }
        set
        {
            Touch(InodePart.Record, AccessKind.Write);
            field = value;
        }
    }

    /// <summary>How many write errors it has had: of write-back, of conversions, of sizes that could not be stored.</summary>
    public int WriteErrorsCount { get; private set; }

    /// <summary>The last of them.</summary>
    public Errno LastWriteError { get; private set; }

    /// <summary>How many of them some open file was told of.</summary>
    public int ReportedWriteErrors { get; private set; }

    /// <summary>Its pages. Made when they are first asked for.</summary>
    public PageCache Pages
    {
        get
        {
            if (_pages is null)
            {
                Touch(InodePart.Pages, AccessKind.Write);
                _pages = new PageCache(_context.Machine, _context.Geometry.BlockSizeBytes) { FootprintKey = Number };
            }

            _pages.Touch();
            return _pages;
        }
    }

    /// <summary>Whether it has pages at all.</summary>
    public bool HasPages
    {
        get
        {
            TouchPages();
            return _pages is { IsEmpty: false };
        }
    }

    /// <summary>Whether it has pages that are newer than the device, or on their way there.</summary>
    public bool HasDirtyPages
    {
        get
        {
            TouchPages();
            return _pages is { DirtyPageCount: > 0 } or { WritebackPageCount: > 0 };
        }
    }

    /// <summary>
    /// Its data as a commit of the ordered mode wants it: what is dirty in written blocks goes out before the commit record.
    /// </summary>
    public IOrderedData OrderedData =>
        _ordered ??= new OrderedFileData(this, _context.Buffers.Device, _context.Machine, _context.Geometry.BlockSizeBytes);

    /// <summary>Whether it is mapped by an extent tree rather than a block map.</summary>
    public bool HasExtents => (Record.Flags & InodeFlags.Extents) != 0;

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
    public Span<byte> Root => Record.Block;

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

    internal ref InodeRecord Record => ref InodeRecord.View(_record);

    /// <summary>The room for attributes behind the fields that are in use; empty where there is none.</summary>
    internal Span<byte> AttributeBytes
    {
        get
        {
            int begin = InodeRecord.ShortSizeBytes + Record.ExtraSize.Value;
            int end = _context.Geometry.InodeSizeBytes;
            return end > InodeRecord.ShortSizeBytes && begin > InodeRecord.ShortSizeBytes && begin < end
                ? _record.AsSpan(begin..end)
                : default;
        }
    }

    /// <summary>
    /// Notes that data did not become durable or reachable; legal in every context. Each open file is told by its next fsync: see
    /// <see cref="WriteErrorCursor"/>.
    /// </summary>
    /// <param name="error">What it met.</param>
    /// <param name="isTold">Whether the caller of the write is told by its acknowledgement: then it is no business of syncfs and
    /// unmount.</param>
    public void NoteWriteError(Errno error, bool isTold = false)
    {
        InvariantException.Require(error != Errno.None, "an error that is noted is one");
        WriteErrorsCount++;
        LastWriteError = error;
        if (isTold)
            return;
        _volumeErrorsCount++;
        _context.WriteErrors.Note(error);
    }

    /// <summary>An open file is told of all errors so far.</summary>
    /// <returns>How many there are.</returns>
    internal int ReportWriteErrors()
    {
        if (_volumeErrorsCount > 0)
            _context.WriteErrors.Told(_volumeErrorsCount);
        _volumeErrorsCount = 0;
        return ReportedWriteErrors = WriteErrorsCount;
    }

    /// <summary>Counts a direct I/O in.</summary>
    public void BeginDirect()
    {
        RequireLive("a direct I/O begins");
        Touch(InodePart.InFlight, AccessKind.Mark);
        InFlightCount++;
    }

    /// <summary>Counts a direct I/O out; legal in interrupt context.</summary>
    public void EndDirect()
    {
        InvariantException.Require(InFlightCount > 0, "a direct I/O that ends was counted in");
        RequireLive("a direct I/O ends");
        Touch(InodePart.InFlight, AccessKind.Mark);
        InFlightCount--;
    }

    /// <summary>Waits until no direct I/O is in flight. The caller holds the inode lock exclusively, so that none begins.</summary>
    public Wait WaitForDirectAsync() => _noDirectIo.WaitAsync();

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

    /// <summary>
    /// The time now, in ticks of <see cref="TickNanoseconds"/> as Linux's coarse clock has it: within one tick a file that is written again
    /// needs no new times, and so no transaction. In inodes of 128 bytes times are whole seconds, up to 2038.
    /// </summary>
    public Timestamp Now()
    {
        Timestamp now = TimeNow(_context.Machine);
        return _context.Geometry.InodeSizeBytes > InodeRecord.ShortSizeBytes ? now : Timestamp.Decode(now.EncodeShort());
    }

    /// <inheritdoc/>
    public override string ToString() => $"inode {Number}";

    private void TouchPages()
    {
        Touch(InodePart.Pages, AccessKind.Read);
        if (_pages is not null)
            _context.Machine.Touch(_pages, AccessKind.Read);
    }

    private string UserName() => _context.Machine.Context == ExecutionContextKind.Interrupt
        ? "the end of an I/O, in interrupt context"
        : _context.Machine.Current?.Name ?? "nobody's thread";

    internal static Timestamp TimeNow(Machine machine)
    {
        long now = machine.Clock.NowNanoseconds;
        (long seconds, long nanoseconds) = Math.DivRem(now - (now % TickNanoseconds), 1_000_000_000);
        return nanoseconds < 0
            ? new Timestamp(seconds - 1, (uint)(nanoseconds + 1_000_000_000))
            : new Timestamp(seconds, (uint)nanoseconds);
    }
}
