using System.Buffers.Binary;
using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

public sealed partial class Inode
{
    private const int ExtraSizeOffset = 0x80;
    private const int WantedExtraSize = InodeRecord.FullExtraSize;
    private const long SectorBytes = 512;
    private const InodeFlags NotInRoot = InodeFlags.AttributeInode | InodeFlags.InlineData | InodeFlags.Encrypted;
    private const int ShortLinkBytes = InodeRecord.BlockSizeBytes;

    private Inode(VolumeContext context, uint number)
    {
        _context = context;
        _machine = context.Machine;
        Number = number;
        VolumeGeometry geometry = context.Geometry;
        long tableBlock = context.Groups.InodeTableBlock(geometry.GroupOfInode(number));
        ImageOffsetBytes = geometry.InodeOffsetBytes(number, tableBlock);
        _buffer = context.Buffers.Get(ImageOffsetBytes >> geometry.BlockSizeShift);
        _offsetInBlock = (int)(ImageOffsetBytes - _buffer.OffsetBytes);
        _record = new byte[Math.Max(geometry.InodeSizeBytes, InodeRecord.SizeBytes)];
        Lock = new SimulatedReadWriteLock(context.Machine, $"lock of inode {number}");
        MappingLock = new SimulatedReadWriteLock(context.Machine, $"mapping lock of inode {number}");
        InvalidationLock = new SimulatedReadWriteLock(context.Machine, $"invalidation lock of inode {number}");
        _noDirectIo = new WaitCondition(context.Machine, WaitKind.DataIo, $"direct I/O of inode {number}", () => InFlightCount == 0,
            this);
    }

    /// <summary>Where in the image the inode is stored, in bytes.</summary>
    public long ImageOffsetBytes { get; }

    /// <summary>Where in its directory the next name may go; see <see cref="Directories"/>.</summary>
    internal InsertHint InsertHint { get; set; }

    /// <summary>Whether a symbolic link's path is in the inode itself.</summary>
    public bool IsShortLink => IsSymbolicLink && SizeBytes is > 0 and < ShortLinkBytes && (Flags & NotInRoot) == 0;

    /// <summary>Whether it has a map: files, directories, and links that are too long for the inode.</summary>
    public bool HasMap => IsRegular || IsDirectory || (IsSymbolicLink && !IsShortLink);

    /// <inheritdoc/>
    public long AllocationGoal => _context.Blocks.GoalForInode(Number, !IsRegular);

    /// <inheritdoc/>
    public void ChangeBlocks(long deltaBlocks)
    {
        _sectorsCount += deltaBlocks * (_context.Geometry.BlockSizeBytes / SectorBytes);
        if (_sectorsCount < 0)
            throw new CorruptionException(ImageOffsetBytes, ToString(), "i_blocks", "at least what the inode's map holds", "less");
    }

    /// <summary>
    /// Stores the inode under <paramref name="handle"/> (one block): the record with the disk size and its checksum. Notes the
    /// transaction for fsync, and for fdatasync if size or map changed. The first size of 2 GiB or more of a volume gives it large_file,
    /// which takes another block (<see cref="CreditsToStoreSize"/>).
    /// </summary>
    public void MarkDirty(Handle handle)
    {
        RequireLive("it is stored");
        Touch(InodePart.Record, AccessKind.Write);
        Touch(InodePart.Map, AccessKind.Write);
        StoreBlocksCount();
        Span<byte> block = handle.GetWriteAccess(_buffer);
        Span<byte> stored = block.Slice(_offsetInBlock, _context.Geometry.InodeSizeBytes);
        InodeRecord before = InodeRecord.Load(stored);
        bool changesData = before.Size != Record.Size || !((ReadOnlySpan<byte>)before.Block).SequenceEqual(Root);
        _record.AsSpan(0, stored.Length).CopyTo(stored);
        if (_context.Geometry.HasMetadataChecksum)
        {
            Rule().Store(block, _buffer.OffsetBytes);
            stored.CopyTo(_record);
        }

        handle.Dirty(_buffer);
        NoteTransaction(handle, changesData);
        if (Record.Size > int.MaxValue && !_context.SuperBlock.Value.Has(ReadOnlyCompatibleFeatures.LargeFile))
        {
            _context.SuperBlock.GetWriteAccess(handle).ReadOnlyCompatible |= ReadOnlyCompatibleFeatures.LargeFile;
            _context.SuperBlock.Dirty(handle);
        }
    }

    /// <summary>
    /// Says that the handle's transaction has to commit before fsync may return; with <paramref name="isDataIntegrity"/> also before
    /// fdatasync may: for changes of the map that need not change the inode.
    /// </summary>
    public void NoteTransaction(Handle handle, bool isDataIntegrity)
    {
        Touch(InodePart.Map, AccessKind.Write); // who changes the map without the record notes its transaction
        SyncTransaction = handle.Transaction;
        if (isDataIntegrity)
            DataSyncTransaction = handle.Transaction;
    }

    /// <summary>Reads and checks a stored inode; the range of this inode alone is decided where the image is undecided.</summary>
    /// <exception cref="CorruptionException">Its checksum does not match, or it says what cannot be.</exception>
    internal static Inode Load(VolumeContext context, uint number)
    {
        var inode = new Inode(context, number);
        inode.ReadStored();
        inode.SizeBytes = inode.Record.Size;
        long unitSectors = (inode.Flags & InodeFlags.HugeFile) != 0 ? context.Geometry.BlockSizeBytes / SectorBytes : 1;
        inode._sectorsCount = context.Geometry.HasHugeFile ? inode.Record.BlocksCount * unitSectors : inode.Record.BlocksLow.Value;
        inode.SyncTransaction = inode.DataSyncTransaction = context.Journal.RunningTransaction;
        return inode;
    }

    /// <summary>A new inode in a slot that is free; stored by the caller's <see cref="MarkDirty"/>.</summary>
    internal static Inode Make(VolumeContext context, uint number, uint generation, in NewInode what, InodeFlags flags)
    {
        var inode = new Inode(context, number);
        ref InodeRecord record = ref inode.Record;
        if (context.Geometry.InodeSizeBytes > InodeRecord.ShortSizeBytes)
            record.ExtraSize = WantedExtraSize;
        record.Mode = what.Mode;
        record.Uid = what.Owner;
        record.Gid = what.Group;
        record.Generation = generation;
        record.LinksCount = 1;
        record.Flags = flags;
        record.AccessTime = record.ModifyTime = record.ChangeTime = record.CreationTime = inode.Now();
        if (inode.HasMap && inode.HasExtents)
            ExtentMap.Initialise(inode.Root);
        inode.SyncTransaction = inode.DataSyncTransaction = context.Journal.RunningTransaction;
        return inode;
    }

    private void ReadStored()
    {
        int sizeBytes = _context.Geometry.InodeSizeBytes;
        int extraSizeBytes = 0;
        if (sizeBytes > InodeRecord.ShortSizeBytes)
        {
            extraSizeBytes = BinaryPrimitives.ReadUInt16LittleEndian(_buffer.Read(_offsetInBlock + ExtraSizeOffset, 2));
            if (extraSizeBytes > sizeBytes - InodeRecord.ShortSizeBytes || extraSizeBytes % 4 != 0)
                throw Wrong("i_extra_isize", $"a multiple of 4 up to {sizeBytes - InodeRecord.ShortSizeBytes}", $"{extraSizeBytes}");
        }

        if (!_context.Geometry.HasMetadataChecksum)
            _buffer.Read(_offsetInBlock, sizeBytes).CopyTo(_record);
        else if (_buffer.TryReadVerified(_offsetInBlock, sizeBytes, Rule(extraSizeBytes), out ReadOnlySpan<byte> stored))
            stored.CopyTo(_record);
        else
            throw Wrong("i_checksum", "the sum of the inode", "another");
        CheckRecord();
    }

    /// <summary>What the kernel checks when it reads an inode.</summary>
    private void CheckRecord()
    {
        ref InodeRecord record = ref Record;
        if (record.Size < 0)
            throw Wrong("i_size", "0 or more", $"{record.Size}");
        if (record.FileAcl != 0 && !_context.Geometry.IsBlockRange(record.FileAcl, 1))
            throw Wrong("i_file_acl", "a block of the volume", $"{record.FileAcl}");
        bool isKnownType = record.Type is InodeMode.Fifo or InodeMode.CharacterDevice or InodeMode.Directory or InodeMode.BlockDevice
            or InodeMode.Regular or InodeMode.SymbolicLink or InodeMode.Socket;
        if (!isKnownType && Number >= _context.Geometry.FirstInode)
            throw Wrong("i_mode", "a file type", $"0{Convert.ToString(record.ModeValue.Value, 8)}");
        if (IsDirectory && (Flags & InodeFlags.DirectoryIndex) != 0 && _context.Geometry.HasMetadataChecksum
            && !_context.SuperBlock.Value.Has(CompatibleFeatures.DirectoryIndex))
            throw Wrong("i_flags", "no hash tree on a volume without dir_index", "one");
    }

    /// <summary>Throws unless what it holds is in blocks.</summary>
    /// <exception cref="FileSystemException">EOPNOTSUPP: it is in the inode.</exception>
    internal void RequireBlocks()
    {
        if ((Flags & InodeFlags.InlineData) != 0)
            throw new FileSystemException(Errno.EOPNOTSUPP, ToString(), "its data is in the inode (inline_data)");
    }

    private IBlockMap OpenMap()
    {
        RequireBlocks();
        if (!HasMap && Number >= _context.Geometry.FirstInode)
            throw new FileSystemException(Errno.EINVAL, ToString(), "it has no blocks");
        return HasExtents ? new ExtentMap(_context, this) : new IndirectMap(_context, this);
    }

    /// <summary>
    /// Space in sectors where it fits in 32 bits, or in 48 with huge_file; beyond that in blocks, with the flag that says so.
    /// </summary>
    private void StoreBlocksCount()
    {
        ref InodeRecord record = ref Record;
        long limit = _context.Geometry.HasHugeFile ? (1L << 48) - 1 : uint.MaxValue;
        if (_sectorsCount <= limit)
        {
            record.Flags &= ~InodeFlags.HugeFile;
            record.BlocksCount = _sectorsCount;
            return;
        }

        if (!_context.Geometry.HasHugeFile)
            throw new FileSystemException(Errno.EFBIG, ToString(), "the volume cannot count so many blocks for one file");
        record.Flags |= InodeFlags.HugeFile;
        record.BlocksCount = _sectorsCount / (_context.Geometry.BlockSizeBytes / SectorBytes);
    }

    private ChecksumRule Rule() =>
        Rule(_context.Geometry.InodeSizeBytes > InodeRecord.ShortSizeBytes ? Record.ExtraSize.Value : 0);

    private ChecksumRule Rule(int extraSizeBytes) => Ext4Checksums.Inode(_context.Geometry, Number, ImageOffsetBytes, extraSizeBytes);

    private CorruptionException Wrong(string field, string expected, string found) =>
        new(ImageOffsetBytes, ToString(), field, expected, found);
}
