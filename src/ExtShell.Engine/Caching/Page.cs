using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Caching;

/// <summary>
/// 4 KiB of a file. Its state is kept for each file-system block in it: bit n of a mask stands for the block at n times the block size.
/// Waiting for it means taking its lock, which whoever fills or writes it holds.
/// </summary>
/// <remarks>
/// (1) A block is interpreted only if it is up to date. (2) A dirty block is up to date. (3) While a block is in write-back it may become
/// dirty again, but a second write-back of it does not begin: of two writes in flight together either could be the one that stays.
/// (4) A store into a mapping is not seen by anyone; so while the page is open for stores its blocks inside the file are dirty, and it is
/// closed as soon as one of them is not: the next store faults.
/// </remarks>
public sealed class Page : Waitable
{
    /// <summary>Bytes of a page.</summary>
    public const int SizeBytes = 4096;

    private readonly PageCache _cache;
    private readonly byte[] _bytes;
    private WaitCondition? _writebackEnded;

    internal Page(PageCache cache, Machine machine, long index)
        : base(machine, WaitKind.Lock)
    {
        _cache = cache;
        _bytes = machine.TakeBytes(SizeBytes);
        Index = index;
    }

    /// <inheritdoc/>
    public override object Resource => _cache;

    /// <inheritdoc/>
    public override AccessKind TakeAccess => AccessKind.Write;

    /// <summary>Which page of the file.</summary>
    public long Index { get; }

    /// <summary>Where in the file it begins, in bytes.</summary>
    public long OffsetBytes => Index * SizeBytes;

    /// <summary>The bytes; writers report what they wrote by <see cref="MarkDirty"/>, fillers by <see cref="MarkUptodate"/>.</summary>
    public Memory<byte> Bytes => _bytes;

    /// <summary>The blocks that hold the file's content.</summary>
    public uint UptodateBlocks { get; private set; }

    /// <summary>The blocks that are newer than the device.</summary>
    public uint DirtyBlocks { get; private set; }

    /// <summary>The blocks that are on their way to the device.</summary>
    public uint WritebackBlocks { get; private set; }

    /// <summary>Whether every block holds the file's content.</summary>
    public bool IsUptodate => UptodateBlocks == _cache.AllBlocks;

    /// <summary>Whether a block is newer than the device.</summary>
    public bool IsDirty => DirtyBlocks != 0;

    /// <summary>Whether a block is on its way to the device.</summary>
    public bool IsWriteback => WritebackBlocks != 0;

    /// <summary>Whether it left the cache: who waited for its lock must look it up again.</summary>
    public bool IsGone { get; internal set; }

    /// <summary>Whether mappings may store into it without telling anyone: the blocks that hold the file's content are dirty. (4)</summary>
    public bool IsOpenForStores { get; private set; }

    /// <summary>Whether someone holds its lock.</summary>
    public bool IsLocked { get; private set; }

    /// <summary>The call that wrote to it last, as the volume's observer knows it; −1 for none.</summary>
    public int Call { get; set; } = -1;

    /// <summary>Takes the lock when it is free.</summary>
    public Wait LockAsync() => WaitAsync();

    /// <summary>Takes the lock if it is free now.</summary>
    public bool TryLock()
    {
        _cache.Touch();
        if (IsLocked)
            return false;
        IsLocked = true;
        return true;
    }

    /// <summary>Gives the lock back.</summary>
    public void Unlock()
    {
        InvariantException.Require(IsLocked, "a page is locked when it is unlocked");
        _cache.Touch();
        IsLocked = false;
    }

    /// <summary>Waits until no block of it is on its way to the device.</summary>
    public Wait WaitForWritebackAsync() =>
        (_writebackEnded ??= new WaitCondition(
            Machine, WaitKind.DataIo, $"write-back of page {Index} to end", () => WritebackBlocks == 0, _cache)).WaitAsync();

    /// <summary>Whether the range can be read from it.</summary>
    public bool IsUptodateIn(int offset, int length) => (_cache.BlocksTouched(offset, length) & ~UptodateBlocks) == 0;

    /// <summary>
    /// The blocks that a write of the range would touch only in part and that do not hold the file's content yet: to be filled first.
    /// </summary>
    public uint BlocksToFillFor(int offset, int length) =>
        _cache.BlocksTouched(offset, length) & ~_cache.BlocksInside(offset, length) & ~UptodateBlocks;

    /// <summary>The blocks hold the file's content now.</summary>
    public void MarkUptodate(uint blocks)
    {
        _cache.Touch();
        UptodateBlocks |= blocks;
    }

    /// <summary>The range was written: the blocks that it touches are dirty.</summary>
    public void MarkDirty(int offset, int length)
    {
        InvariantException.Require(
            BlocksToFillFor(offset, length) == 0, "a block of a page is whole before a part of it is written"); // (2)
        uint blocks = _cache.BlocksTouched(offset, length);
        UptodateBlocks |= blocks;
        MarkDirtyBlocks(blocks);
    }

    /// <summary>Lets mappings store into it. All of it was just marked dirty, as far as it lies inside the file. (4)</summary>
    public void OpenForStores() => IsOpenForStores = true;

    /// <summary>Makes the next store of a mapping fault.</summary>
    public void CloseForStores() => IsOpenForStores = false;

    /// <inheritdoc/>
    public override string Describe() => $"page {Index}'s lock";

    /// <inheritdoc/>
    public override bool IsReady(SimulatedThread thread) => !IsLocked;

    /// <inheritdoc/>
    protected internal override void Take(SimulatedThread thread) => IsLocked = true;

    internal void MarkDirtyBlocks(uint blocks)
    {
        _cache.Touch();
        if (DirtyBlocks == 0 && blocks != 0)
            _cache.DirtyPageCount++;
        DirtyBlocks |= blocks;
    }

    internal void BeginWriteback(uint blocks)
    {
        InvariantException.Require((blocks & WritebackBlocks) == 0, "one write-back of a block is in flight at a time"); // (3)
        if (WritebackBlocks == 0)
            _cache.WritebackPageCount++;
        WritebackBlocks |= blocks;
        ClearDirty(blocks);
    }

    internal void EndWriteback(uint blocks)
    {
        _cache.Touch();
        bool wasWriteback = IsWriteback;
        WritebackBlocks &= ~blocks;
        if (wasWriteback && !IsWriteback)
            _cache.WritebackPageCount--;
    }

    internal void ClearDirty(uint blocks)
    {
        _cache.Touch();
        bool wasDirty = IsDirty;
        DirtyBlocks &= ~blocks;
        IsOpenForStores &= blocks == 0; // (4)
        if (wasDirty && !IsDirty)
            _cache.DirtyPageCount--;
    }

    internal void Drop(uint blocks)
    {
        ClearDirty(blocks);
        UptodateBlocks &= ~blocks;
    }
}
