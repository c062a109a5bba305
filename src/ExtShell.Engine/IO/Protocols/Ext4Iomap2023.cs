using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;
using static ExtShell.Engine.IO.Protocols.Ext4Iomap2023Switches;

namespace ExtShell.Engine.IO.Protocols;

/// <summary>
/// The iomap write path of ext4 as it is since 2023; what it is and promises is said by <see cref="Own"/>, cited by number.
/// </summary>
public sealed class Ext4Iomap2023 : IWriteProtocol
{
    private readonly IoContext _io;
    private readonly PageCoherence _coherence;
    private readonly FileSync _fileSync;
    private readonly ProtocolParts _parts;
    private readonly Ext4Iomap2023Switches _switches;

    internal Ext4Iomap2023(ProtocolParts parts, Ext4Iomap2023Switches switches) =>
        (_io, _coherence, _fileSync, _parts, _switches) = (parts.Io, parts.Coherence, parts.FileSync, parts, switches);

    /// <summary>What the product prints of it.</summary>
    public static ProtocolDescription Own { get; } = new()
    {
        Name = "Ext4Iomap2023",
        Summary = "ext4's iomap write path since 2023: the size is in the journal before O_SYNC reports success. The default.",
        History = """
            In 2019 ext4's direct I/O moved to iomap: blocks are allocated in "begin", converted and the sizes raised in end-of-I/O.
            Extension soon moved behind iomap's return (569342dc2485), because it needs a handle under the inode lock; so the sync that
            iomap does for O_SYNC came before the size was in the journal, and a cut lost acknowledged appends. 2023 moved it back into
            end-of-I/O, which checks both sizes (91562895f803, 619f75dae2cf). Extending writes are waited for under the exclusive lock;
            overwrites share it, into unwritten blocks too; what is not block-aligned shares it only over written ones.
            """,
        Invariants =
        [
            "Who changes sizes, takes privileges away, or allocates, holds the inode lock exclusively. "
                + "It is shared only by aligned writes into allocated blocks and by overwrites, inside both sizes.",
            "A write that pads a block with zeroes is alone in it: it holds the lock exclusively, waited for those in flight, "
                + "and is waited for itself.",
            "An extending write is waited for under the exclusive lock.",
            "Inside the in-memory size a hole is allocated unwritten, and converted when its data is on the device: "
                + "neither a reader nor a cut sees what the block held.",
            "At or past the in-memory size blocks are allocated written, "
                + "and the inode is on the orphan list from before that until a transaction has both sizes: "
                + "recovery truncates to the disk size.",
            "Both sizes are raised, and the conversion is journalled, before the sync of O_SYNC and O_DSYNC, "
                + "and before the acknowledgement.",
            "The page cache over the range is dropped before the data goes out, "
                + "and again after the conversion and before the acknowledgement.",
            "FUA stands in for the sync only of pure overwrites of which neither mapping nor size is dirty in memory.",
            "A failed extending write leaves no blocks past the in-memory size, and the inode off the orphan list.",
            "A conversion needs no new tree block: unwritten extents are split when they are mapped.",
            "A write that must not wait (NOWAIT) neither waits for a lock nor allocates: it fails with EAGAIN.",
            "A block map has no unwritten state: from a hole inside the size of such a file on, the write goes through the page cache, "
                + "under the same hold of the lock.",
        ],
        Windows =
        [
            "Blocks past the size that fallocate with KEEP_SIZE had reserved are freed by recovery after a cut during an extending write, "
                + "and by a failed one.",
            "A cut leaves any part of a write that was not acknowledged.",
            "A buffered write that runs while a direct write into the same page is in flight takes all of the page with it when it is "
                + "written back, as on Linux: callers that mix both on one page order them.",
        ],
        Locks = "Inode lock exclusive for what extends, allocates or pads; shared for aligned overwrites inside both sizes. "
            + "Dropped at submission by asynchronous writes that neither extend nor pad.",
        Order =
            "Orphan list, map, data, conversion, both sizes and off the orphan list, page cache, in-flight count, sync, acknowledgement.",
        Allocation = "Holes inside the size unwritten, past the size written under the orphan list's protection.",
        Sizes = "Both raised by the submitter in end-of-I/O, in one transaction, before the sync.",
        Acknowledgement = "By the submitter when the write was waited for; else by the completion worker after conversion and sync, "
            + "or at once by the interrupt where nothing is left to do.",
        InFlightCount = "Drops after conversion and sizes; truncate, punch and padding writes wait for it.",
        Fallback = "Holes inside the size of a block-mapped file, and what follows them, go through the page cache, and are written back; "
            + "else what cannot be written directly is an error.",
        Guarantees =
            "Acknowledged O_SYNC and O_DSYNC writes survive with size and mapping; no stale content at any cut; a new size shows its data.",
        Switches =
        [
            new("ExtendAfterSync", (int)ExtendAfterSync, "both sizes are raised when iomap has returned, after the sync of O_SYNC",
                "569342dc2485", "D17"),
            new("ExtendAfterSync:BothSizesLate", (int)ExtendAfterSync, "the same by its full name", "569342dc2485", "D17"),
            new("ExtendAfterSync:DiskSizeLate", (int)DiskSizeAfterSync,
                "the in-memory size is raised in time, the disk size after the sync", "569342dc2485", "D17"),
            new("FuaSkipsSync", (int)FuaSkipsSync,
                "an O_DSYNC write into allocated blocks goes out by FUA, and a dirty mapping or size gets no sync",
                "0929d8580071, 7684e2c4384d", "D20"),
            new("InvalidateBeforeConvert", (int)InvalidateBeforeConvert, "the page cache is invalidated before the conversion",
                "332391a9935d, 5e25c269e17d", "D21"),
            new("ZeroOutMarksWhole", (int)ZeroOutMarksWhole,
                "where splitting fails for lack of space, the tail is zeroed and the whole extent marked written", "1bf6974822d1", "D22"),
            new("FillHolesWritten", (int)FillHolesWritten, "a hole inside the size is allocated written", "the design of unwritten extents",
                "D3"),
            new("NoOrphan", (int)NoOrphan, "an extending write does not put its inode on the orphan list", "the review of 2009", "D10"),
        ],
        AsPosted = ["ExtendAfterSync", "FuaSkipsSync", "InvalidateBeforeConvert", "ZeroOutMarksWhole"],
        StatedDefects = ["D2 with barriers ignored", "D19 without a journal"],
    };

    /// <inheritdoc/>
    public ProtocolDescription Description => Own;

    /// <inheritdoc/>
    public async ValueTask AdmitAsync(DirectWrite write)
    {
        RequestChecks.Align(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
        bool mayShare = !write.IsAppend && _io.DioReadNoLock
            && write.EndBytes <= write.Inode.SizeBytes; // a guess; judged again under the lock
        await InodeLocking.LockAsync(write, mayShare ? InodeLockHold.Shared : InodeLockHold.Exclusive);
        bool isAdmitted = false;
        try
        {
            bool sharesLock = Judge(write);
            if (!sharesLock && write.IsNoWait)
                throw InodeLocking.WouldWait(write.Inode, "it would allocate, extend, pad, or take privileges away"); // (11)
            if (!sharesLock && write.Lock == InodeLockHold.Shared)
            {
                InodeLocking.Unlock(write);
                await InodeLocking.LockAsync(write, InodeLockHold.Exclusive); // (1)
                Judge(write);
            }

            await PrepareAsync(write);
            isAdmitted = true;
        }
        finally
        {
            if (!isAdmitted)
                InodeLocking.Unlock(write);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<WriteMapping> MapAsync(DirectWrite write, uint logicalBlock, int lengthBlocks)
    {
        bool isPastSize = (long)logicalBlock << _io.BlockSizeBits >= write.Inode.SizeBytes;
        bool fillsWritten = isPastSize || Has(FillHolesWritten);
        MappingState fillHoleAs = fillsWritten ? MappingState.Written : MappingState.Unwritten; // (4), (5)
        if (!fillsWritten && !write.Inode.HasExtents && !write.Inode.Map.Lookup(logicalBlock, 1).IsMapped)
            return WriteMapping.Buffered; // (12)
        try
        {
            return await BlockAllocation.MapAsync(_io, write.Inode, logicalBlock, lengthBlocks, fillHoleAs); // (10)
        }
        catch (FileSystemException full) when (full.Errno == Errno.ENOSPC && Has(ZeroOutMarksWhole))
        {
            BlockMapping? whole = await ZeroOut.MarkWholeWrittenAsync(_io, write, logicalBlock, lengthBlocks);
            if (whole is null)
                throw;
            return new WriteMapping(whole.Value, false);
        }
    }

    /// <inheritdoc/>
    public bool MayUseFua(DirectWrite write, in WriteMapping mapping)
    {
        if (Has(FuaSkipsSync))
            return write.Sync == SyncKind.DataSync && !mapping.IsNew;
        return ForcedWrites.MayReplaceSync(_io, write, mapping); // (8)
    }

    /// <inheritdoc/>
    public void IoDone(DirectWrite write)
    {
        bool hasNothingThatWaits = !write.NeedsConversion && (write.Sync == SyncKind.None || write.IsAllFua)
            && write.Inode.Pages.Count == 0;
        if (hasNothingThatWaits)
            write.Complete();
        else
            _io.DirectCompletions.Enqueue(write);
    }

    /// <inheritdoc/>
    public async ValueTask FinishAsync(DirectWrite write)
    {
        if (write.Error != Errno.None)
            return;
        if (Has(InvalidateBeforeConvert))
            await _coherence.DropAsync(write.Inode, write.OffsetBytes, write.LengthBytes);
        if (write.NeedsConversion)
            await UnwrittenConversion.ConvertAsync(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
        if (Has(DiskSizeAfterSync))
            SizeExtension.RaiseInMemory(write);
        else if (!write.HasBufferedRest && SizeExtension.IsNeeded(write) && !Has(ExtendAfterSync))
            await SizeExtension.RaiseBothAsync(_io, write); // (6)
        if (!Has(InvalidateBeforeConvert))
            await _coherence.DropAsync(write.Inode, write.OffsetBytes, write.LengthBytes); // (7)
    }

    /// <inheritdoc/>
    public ValueTask SyncAsync(DirectWrite write) =>
        _fileSync.SyncDirectAsync(write.Inode, write.OffsetBytes, write.LengthBytes, isDataOnly: write.Sync == SyncKind.DataSync);

    /// <inheritdoc/>
    public async ValueTask ReturnedAsync(DirectWrite write)
    {
        try
        {
            if (write.IsExtending && !write.HasBufferedRest && write.Error == Errno.None
                && SizeExtension.IsNeeded(write)) // only where the extension is late
                await SizeExtension.RaiseBothAsync(_io, write);
            if (write.IsExtending)
                await FailedExtension.CleanAsync(_io, write); // (9)
            if (write.HasBufferedRest && write.Error == Errno.None)
                await BufferedRest.WriteAsync(_parts, write); // (12)
        }
        finally
        {
            InodeLocking.Unlock(write);
        }
    }

    /// <inheritdoc/>
    public async ValueTask TruncatingAsync(Inode inode, long newSizeBytes) => await inode.WaitForDirectAsync();

    /// <inheritdoc/>
    public async ValueTask PunchingAsync(Inode inode, long offsetBytes, long lengthBytes) => await inode.WaitForDirectAsync();

    /// <inheritdoc/>
    public ValueTask<bool> ReadingAsync(Inode inode) => new(true);

    /// <inheritdoc/>
    public ValueTask SyncingAsync(Inode inode) => default; // (6): what was acknowledged is converted

    /// <inheritdoc/>
    public void WriteBackSubmitted(PageWrite write)
    {
    }

    /// <inheritdoc/>
    public void WriteBackDone(PageWrite write) => _io.WriteBackCompletions.Enqueue(write);

    /// <summary>Decides what the write is, as things stand under the lock.</summary>
    /// <returns>Whether it may share the lock.</returns>
    private bool Judge(DirectWrite write)
    {
        if (write.IsAppend)
            write.MoveTo(write.Inode.SizeBytes);
        RequestChecks.Write(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
        write.IsUnaligned = BlockPadding.IsUnaligned(_io, write.OffsetBytes, write.LengthBytes);
        write.IsExtending = SizeExtension.IsNeeded(write);
        if (write.IsExtending)
        {
            write.MustWait = true; // (3)
            return false;
        }

        RangeStates states = RangeStates.Under(_io, write.Inode, write.OffsetBytes, write.EndBytes);
        if (BlockPadding.IsNeeded(_io, write.Inode, write.OffsetBytes, write.LengthBytes, states))
        {
            write.MustWait = true; // (2)
            return false;
        }

        write.MustWait = !write.IsAsynchronous;
        return !states.HasHole && !Privileges.MayChange(_io, write.Inode); // (1)
    }

    /// <summary>
    /// What an admitted write does before it maps: waits where it pads, sets the times, and protects its blocks past the size.
    /// </summary>
    private async ValueTask PrepareAsync(DirectWrite write)
    {
        if (write.Lock == InodeLockHold.Exclusive && write.IsUnaligned && write.MustWait)
            await InodeLocking.WaitForDirectAsync(write); // (2)
        await Privileges.UpdateAsync(_io, write);
        if (write.IsExtending && !Has(NoOrphan))
            await OrphanProtection.AddAsync(_io, write); // (5)
    }

    private bool Has(Ext4Iomap2023Switches switches) => (_switches & switches) != 0;
}
