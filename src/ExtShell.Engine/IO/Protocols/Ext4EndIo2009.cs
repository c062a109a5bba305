using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;
using static ExtShell.Engine.IO.Protocols.Ext4EndIo2009Switches;

namespace ExtShell.Engine.IO.Protocols;

/// <summary>Allocate unwritten, convert at end-of-I/O: what 2009 came to; <see cref="Own"/> says it, cited by number.</summary>
public sealed class Ext4EndIo2009 : IWriteProtocol
{
    private readonly ProtocolParts _parts;
    private readonly IoContext _io;
    private readonly PageCoherence _coherence;
    private readonly FileSync _fileSync;
    private readonly Ext4EndIo2009Switches _switches;
    private readonly ConversionQueue _queue;

    internal Ext4EndIo2009(ProtocolParts parts, Ext4EndIo2009Switches switches)
    {
        (_parts, _io, _coherence, _fileSync, _switches) = (parts, parts.Io, parts.Coherence, parts.FileSync, switches);
        _queue = new ConversionQueue(_io, ConvertAsync, holdsInodes: !Has(ItemHoldsNoInode)); // (12)
    }

    /// <summary>What the product prints of it.</summary>
    public static ProtocolDescription Own { get; } = new()
    {
        Name = "Ext4EndIo2009",
        Summary = "ext4 of 2009: direct writes allocate unwritten, and a worker converts at end-of-I/O.",
        History = """
            Direct writes into holes had gone through the page cache, as on ext3, since a mapped block shows its old content until the
            data is there. Extents can tell unwritten blocks, so in 2009 ext4 allocated them unwritten and converted them when the data
            was on the device: 4c0425ff68b1 maps so, 8d5d02e6b176 converts in a work queue since end-of-I/O runs in interrupt context and
            may not start a handle. The discussion found what the order must be: acknowledge after the conversion (done for AIO only in
            5b3ff237bef4), flush the queue in fsync, keep the inode, count until converted. Extents are split when they are mapped, so
            that conversion needs no new tree block; later merges can undo that (60d4616f3dc6), and mainline dropped the early split again
            (5f18f60d56c0).
            """,
        Invariants =
        [
            "A write holds the inode lock exclusively: an asynchronous one until all is submitted, a synchronous one until it returns.",
            "A write that pads a block with zeroes is alone in it: it waited for those in flight, and is waited for itself.",
            "Whatever a direct write allocates is unwritten until its data is on the device: "
                + "neither a reader nor a cut sees what the block held.",
            "The in-memory size is raised by the caller under the inode lock: at submission by an asynchronous write, "
                + "after the conversion by others.",
            "While an extending write is under way its inode is on the orphan list, and nobody else raises the disk size over its data.",
            "The disk size is compared and stored under the mapping lock, by the worker with the conversion and by setattr.",
            "A synchronous write waits for its conversion, and holds the inode lock over it. So the worker never takes the inode lock.",
            "The page cache over the range is dropped before the data goes out, "
                + "and again after the conversion and before the acknowledgement.",
            "A conversion needs no new tree block: unwritten extents are split when they are mapped.",
            "A failed extending write leaves no blocks past the in-memory size; where readers saw its end already, zeroes up to there.",
            "A failed conversion is an error of the write, and of the next fsync.",
            "A queued conversion holds a reference of its inode; the in-flight count drops, and AIO is acknowledged, after it.",
            "A block map has no unwritten state: from a hole inside the size of such a file on, the write goes through the page cache, "
                + "under the same hold of the lock; past the size its blocks are written, and it is waited for.",
        ],
        Windows =
        [
            "Readers see the end of an asynchronous extending write before its data, and zeroes there, until it is acknowledged.",
            "Blocks past the size that fallocate with KEEP_SIZE had reserved are freed by recovery after a cut during an extending write, "
                + "and by a failed one.",
            "A cut leaves any part of a write that was not acknowledged.",
            "An fsync waits for extending writes in flight where it has to raise the disk size for others.",
            "A buffered write that runs while a direct write into the same page is in flight takes all of the page with it when it is "
                + "written back.",
        ],
        Locks = "Inode lock exclusive: until submission (AIO) or return (sync). The worker takes the mapping lock only.",
        Order = "Orphan list, map, in-memory size (AIO), data, conversion with the disk size, off the orphan list, in-memory size (sync), "
            + "page cache, in-flight count, sync, acknowledgement.",
        Allocation = "All unwritten, at most 4,096 blocks a mapping; past the size under the orphan list's protection.",
        Sizes = "In memory by the caller; on disk by the worker, in the transaction that converts.",
        Acknowledgement = "AIO by the worker after conversion and sync, or at once by the interrupt where nothing is left to do.",
        InFlightCount = "Drops after conversion and sizes; truncate, punch and padding writes wait for it.",
        Fallback = "Holes inside the size of a block-mapped file, and what follows them, go through the page cache, and are written back; "
            + "else what cannot be written directly is an error.",
        Guarantees =
            "Acknowledged O_SYNC and O_DSYNC writes survive with size and mapping; no stale content at any cut; a new size shows its data.",
        Alternatives =
        [
            "Keep the transaction open until the I/O is done: needs a journal, and makes every commit wait for data.",
            "Flush the work at completion instead of queueing it: blocks in interrupt context (EndIoInInterrupt).",
        ],
        Switches =
        [
            new("AckBeforeConversion", (int)AckBeforeConversion, "AIO is acknowledged when its data is done, before the conversion",
                "as posted; 5b3ff237bef4", "D4", "D6", "D9"),
            new("EndIoInInterrupt", (int)EndIoInInterrupt, "the callback itself waits for the conversion queue", "the review of 2009",
                "D8"),
            new("ItemHoldsNoInode", (int)ItemHoldsNoInode, "a queued conversion holds no reference of its inode", "the review of 2009",
                "D6"),
            new("FsyncIgnoresQueue", (int)FsyncIgnoresQueue, "fsync and sync do not flush the conversion queue", "the review of 2009",
                "D4"),
            new("SetattrWithoutMappingLock", (int)SetattrWithoutMappingLock, "setattr stores the disk size without the mapping lock",
                "the review of 2009", "D7"),
            new("CountDropsAtCompletion", (int)CountDropsAtCompletion, "the in-flight count drops when the bios end", "the review of 2009",
                "D5", "D7"),
            new("CountDropsAtCompletion:AllocatesAnew", (int)AllocatesAnew, "the same, and a conversion that finds a hole allocates there",
                "the review of 2009", "D5"),
            new("NoSplitAtMap", (int)NoSplitAtMap, "unwritten extents are split by the conversion", "the first part of the series", "D9"),
            new("NoSplitAtMap:ZeroOut", (int)Ext4EndIo2009Switches.ZeroOut,
                "the same, and where the split finds no space the whole extent is zeroed and marked written",
                "the first part of the series", "D9"),
            new("ConversionErrorDropped", (int)ConversionErrorDropped, "a failed conversion is logged and told to nobody",
                "the first part of the series", "D9"),
            new("FillHolesWritten", (int)FillHolesWritten, "a hole inside the size is allocated written", "the design of unwritten extents",
                "D3"),
            new("NoOrphan", (int)NoOrphan, "an extending write does not put its inode on the orphan list", "the author of 2009", "D10"),
        ],
        AsPosted = ["AckBeforeConversion", "ItemHoldsNoInode", "FsyncIgnoresQueue", "SetattrWithoutMappingLock", "CountDropsAtCompletion",
            "NoOrphan"],
        StatedDefects = ["D2 with barriers ignored", "D19 without a journal"],
    };

    /// <inheritdoc/>
    public ProtocolDescription Description => Own;

    /// <inheritdoc/>
    public bool SetsSizeUnderMappingLock => !Has(SetattrWithoutMappingLock); // (6)

    /// <inheritdoc/>
    public async ValueTask AdmitAsync(DirectWrite write)
    {
        RequestChecks.Align(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
        await InodeLocking.LockAsync(write, InodeLockHold.Exclusive); // (1)
        bool isAdmitted = false;
        try
        {
            if (write.IsAppend)
                write.MoveTo(write.Inode.SizeBytes);
            RequestChecks.RequireRunning(_io, write.Inode);
            RequestChecks.Write(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
            Judge(write);
            if (write.IsUnaligned && write.MustWait)
                await InodeLocking.WaitForDirectAsync(write); // (2)
            await Privileges.UpdateAsync(_io, write);
            if (write.IsExtending)
                await ConcurrentExtension.BeginAsync(_io, write, isProtected: !Has(NoOrphan)); // (5)
            isAdmitted = true;
        }
        finally
        {
            if (!isAdmitted)
                InodeLocking.Unlock(write);
        }
    }

    /// <inheritdoc/>
    public ValueTask<WriteMapping> MapAsync(DirectWrite write, uint logicalBlock, int lengthBlocks)
    {
        bool isPastSize = (long)logicalBlock << _io.BlockSizeBits >= write.Inode.SizeBytes;
        bool fillsWritten = isPastSize ? !write.Inode.HasExtents : Has(FillHolesWritten);
        if (!write.Inode.HasExtents && !fillsWritten && !write.Inode.Map.Lookup(logicalBlock, 1).IsMapped)
            return new ValueTask<WriteMapping>(WriteMapping.Buffered); // (13)
        MappingState fillHoleAs = fillsWritten ? MappingState.Written : MappingState.Unwritten; // (3)
        return BlockAllocation.MapAsync(_io, write.Inode, logicalBlock, lengthBlocks, fillHoleAs,
            splits: !Has(NoSplitAtMap | Ext4EndIo2009Switches.ZeroOut)); // (9)
    }

    /// <inheritdoc/>
    public bool MayUseFua(DirectWrite write, in WriteMapping mapping) => false;

    /// <inheritdoc/>
    public void Submitted(DirectWrite write)
    {
        if (write.Error != Errno.None)
            write.MustWait = true; // (10): what it mapped is undone under the lock
        else if (!write.MustWait && write.IsExtending)
            SizeExtension.RaiseInMemory(write); // (4)
    }

    /// <inheritdoc/>
    public void IoDone(DirectWrite write)
    {
        bool hasNothingThatWaits = !write.NeedsConversion && !write.IsExtending && write.Sync == SyncKind.None
            && write.Inode.Pages.Count == 0;
        if (hasNothingThatWaits)
        {
            write.Complete();
            return;
        }

        if (Has(CountDropsAtCompletion | AllocatesAnew))
            write.CountOut();
        QueuedConversion item = _queue.Take(write);
        if (Has(AckBeforeConversion))
            write.Acknowledge();
        _io.DirectCompletions.Enqueue(item);
        if (Has(EndIoInInterrupt) && _io.Machine.Context == ExecutionContextKind.Interrupt)
            _ = _io.DirectCompletions.FlushAsync().IsCompleted; // a callback that may not block asks to
    }

    /// <inheritdoc/>
    public async ValueTask FinishAsync(DirectWrite write)
    {
        if (!write.MustWait)
        {
            await ConvertAsync(write);
        }
        else if (write.Error == Errno.None && (write.NeedsConversion || write.IsExtending))
        {
            await _queue.ConvertAsync(write); // (7)
        }

        if (write.Error != Errno.None)
            return;
        if (write.MustWait)
            SizeExtension.RaiseInMemory(write); // (4)
        await _coherence.DropAsync(write.Inode, write.OffsetBytes, write.LengthBytes); // (8)
    }

    /// <inheritdoc/>
    public ValueTask SyncAsync(DirectWrite write) =>
        _fileSync.SyncDirectAsync(write.Inode, write.OffsetBytes, write.LengthBytes, isDataOnly: write.Sync == SyncKind.DataSync);

    /// <inheritdoc/>
    public async ValueTask ReturnedAsync(DirectWrite write)
    {
        try
        {
            if (write.MustWait && write.IsExtension)
                await UndoAsync(_io, write); // (10)
            if (write.HasBufferedRest && write.Error == Errno.None)
                await BufferedRest.WriteAsync(_parts, write); // (13)
        }
        finally
        {
            InodeLocking.Unlock(write); // (1)
        }
    }

    /// <inheritdoc/>
    public async ValueTask TruncatingAsync(Inode inode, long newSizeBytes) => await inode.WaitForDirectAsync();

    /// <inheritdoc/>
    public async ValueTask PunchingAsync(Inode inode, long offsetBytes, long lengthBytes) => await inode.WaitForDirectAsync();

    /// <inheritdoc/>
    public ValueTask<bool> ReadingAsync(Inode inode) => new(true);

    /// <inheritdoc/>
    public async ValueTask SyncingAsync(Inode inode)
    {
        if (!Has(FsyncIgnoresQueue))
            await _io.DirectCompletions.FlushAsync();
    }

    /// <inheritdoc/>
    public void WriteBackSubmitted(PageWrite write)
    {
    }

    /// <inheritdoc/>
    public void WriteBackDone(PageWrite write) => _io.WriteBackCompletions.Enqueue(write);

    private static async ValueTask UndoAsync(IoContext io, DirectWrite write)
    {
        try
        {
            await write.Inode.WaitForDirectAsync(); // the disk size may not be raised over the data of others
            await FailedExtension.CleanAsync(io, write);
        }
        finally
        {
            ConcurrentExtension.Leave(write);
        }
    }

    private void Judge(DirectWrite write)
    {
        write.IsUnaligned = BlockPadding.IsUnaligned(_io, write.OffsetBytes, write.LengthBytes);
        write.IsExtending = SizeExtension.IsNeeded(write);
        write.MustWait = !write.IsAsynchronous || write.IsUnaligned || (write.IsExtending && !write.Inode.HasExtents); // (2), (13)
        if (!write.IsNoWait)
            return;
        if (write.IsExtending || RangeStates.Under(_io, write.Inode, write.OffsetBytes, write.EndBytes).HasHole)
            throw InodeLocking.WouldWait(write.Inode, "it would allocate or extend");
    }

    /// <summary>What the worker does of a write whose data is done: converts, and raises the disk size. No commit.</summary>
    private async ValueTask ConvertAsync(DirectWrite write)
    {
        try
        {
            if (write.Error == Errno.None && write.NeedsConversion)
                await ConvertRangeAsync(write);
        }
        catch (FileSystemException failed)
        {
            if (!Has(ConversionErrorDropped))
            {
                write.Inode.NoteWriteError(failed.Errno, isTold: !write.IsAcknowledged); // (11)
                write.Fail(failed.Errno);
            }
        }
        catch (CorruptionException damage)
        {
            write.Fail(damage);
        }

        bool isUndoneByTheSubmitter = write.MustWait && write.Error != Errno.None; // (10)
        if (write.IsExtension && !isUndoneByTheSubmitter)
            await ConcurrentExtension.EndAsync(_io, write, Where); // (5), (6)
    }

    private async ValueTask ConvertRangeAsync(DirectWrite write)
    {
        if (Has(AllocatesAnew))
            await AllocateAnewAsync(write);
        DiskSizeRaise raise = write.IsExtension ? new DiskSizeRaise(write.EndBytes, write, Where) : default;
        try
        {
            await UnwrittenConversion.ConvertAsync(_io, write.Inode, write.OffsetBytes, write.LengthBytes, raise);
        }
        catch (FileSystemException full) when (full.Errno == Errno.ENOSPC && Has(Ext4EndIo2009Switches.ZeroOut))
        {
            await Steps.ZeroOut.ZeroWholeAsync(_io, write, (uint)(write.OffsetBytes >> _io.BlockSizeBits));
        }
    }

    /// <summary>The defect: the conversion asked the map with leave to allocate, so that blocks that were freed came back.</summary>
    private async ValueTask AllocateAnewAsync(DirectWrite write)
    {
        long end = (write.EndBytes + _io.BlockSizeBytes - 1) >> _io.BlockSizeBits;
        for (long block = write.OffsetBytes >> _io.BlockSizeBits; block < end;)
        {
            WriteMapping run = await BlockAllocation.MapAsync(_io, write.Inode, (uint)block, (int)(end - block), MappingState.Written);
            block = run.Blocks.EndLogicalBlock;
        }
    }

    /// <summary>The scheduling point between comparing and storing the disk size: it matters where setattr stores it unlocked.</summary>
    private string? Where => Has(SetattrWithoutMappingLock) ? "storing the disk size that was compared" : null;

    private bool Has(Ext4EndIo2009Switches switches) => (_switches & switches) != 0;
}
