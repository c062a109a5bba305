using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;
using static ExtShell.Engine.IO.Protocols.Ext4CompletedIo2012Switches;

namespace ExtShell.Engine.IO.Protocols;

/// <summary>The list of completed I/O of each inode, as of 2012; <see cref="Own"/> says what it is and promises, cited by number.</summary>
public sealed class Ext4CompletedIo2012 : IWriteProtocol
{
    private const int MostLockLosses = 100_000; // far beyond what an explorer calls a livelock

    private readonly ProtocolParts _parts;
    private readonly IoContext _io;
    private readonly Ext4CompletedIo2012Switches _switches;
    private readonly CompletedIoWork _completed;

    internal Ext4CompletedIo2012(ProtocolParts parts, Ext4CompletedIo2012Switches switches)
    {
        (_parts, _io, _switches) = (parts, parts.Io, switches);
        _completed = new CompletedIoWork(_io, WorkAsync, keepsErrors: !Has(ErrorNotSticky)); // (5), (11), (15)
    }

    /// <summary>What the product prints of it.</summary>
    public static ProtocolDescription Own { get; } = new()
    {
        Name = "Ext4CompletedIo2012",
        Summary =
            "ext4 of 2012: I/O that completed into unwritten blocks is listed by its inode, and converted by the worker or by who flushes.",
        History = """
            The list of completed I/O came in 2010, for fsync. Its worker took the inode lock, since conversions and truncate must not
            meet; so truncate, which holds the lock and waits for the I/O, could wait for a worker that waited for truncate, and trying
            the lock turned the deadlock into a livelock. In 2012 the worker did without the lock (28a535f9a0df): worker and flush take
            the whole list, convert, and clear the flags of all at once, and the in-flight count drops after the conversion. Flush saw
            only what was listed; counting from submission cured that (c278531d39f3). Pages left write-back before the conversion until
            b0857d309fae.
            """,
        Invariants =
        [
            "A write holds the inode lock exclusively: an asynchronous one until all is submitted, "
                + "one that is waited for until it returns.",
            "A write that pads a block with zeroes is alone in it: it waited for those in flight, and is waited for itself.",
            "Inside the size a direct write allocates unwritten, and its blocks are converted when its data is on the device.",
            "An extending write, sync or AIO, is waited for under the inode lock: past the size its blocks are written, "
                + "under the orphan list's protection, and its last handle raises both sizes.",
            "Worker and flush alike: (A) take all that is listed, (B) convert each, (C) clear the flags of all, "
                + "(D) complete and free each. None takes the inode lock.",
            "The in-flight count drops, and AIO is acknowledged, after the conversion.",
            "Pages leave write-back before their blocks are converted: who reads them from the device, writes them around the cache, "
                + "or frees them flushes first.",
            "Flush waits until nothing is unconverted that was submitted before: in flight, listed, or taken by another.",
            "fsync, truncate, punch and unlocked direct reads flush.",
            "An item holds a reference of its inode: of write-back from its submission on.",
            "A failed conversion is told to the write's caller, to the next fsync of each open file, and until one was told to punch, "
                + "which does nothing then.",
            "The page cache over a direct write's range is dropped before its data goes out, "
                + "and again after the conversion and before the acknowledgement.",
            "A failed extending write leaves no blocks past the in-memory size, and the inode off the orphan list.",
            "A block map has no unwritten state: from a hole inside the size of such a file on, the write goes through the page cache, "
                + "under the same hold of the lock.",
            "Pages whose blocks could not be converted are dirty again: they are read as they were written, and written back once more.",
        ],
        Windows =
        [
            "Blocks past the size that fallocate with KEEP_SIZE had reserved are freed by recovery after a cut during an extending write, "
                + "and by a failed one.",
            "A cut leaves any part of a write that was not acknowledged.",
            "An fsync waits for asynchronous writes into unwritten blocks that are in flight, though nothing was promised of them.",
            "A buffered write that runs while a direct write into the same page is in flight takes all of the page with it when it is "
                + "written back.",
        ],
        Locks = "Inode lock exclusive: until submission (AIO inside the size) or return. Direct reads hold none with dioread_nolock. "
            + "The list has a spin lock of its own.",
        Order = "Inside the size: map, data, list, conversion, page cache, in-flight count, sync, acknowledgement. Extending: orphan list, "
            + "map, data, conversion, both sizes and off the orphan list.",
        Allocation = "Holes inside the size unwritten, past the size written under the orphan list's protection.",
        Sizes = "Both raised by the submitter in its last handle.",
        Acknowledgement = "By whoever took the write off the list, after conversion and sync; by the submitter where it waited.",
        InFlightCount = "Drops after the conversion; truncate, punch and padding writes wait for it.",
        Fallback = "Holes inside the size of a block-mapped file, and what follows them, go through the page cache, and are written back; "
            + "else what cannot be written directly is an error.",
        Guarantees =
            "Acknowledged O_SYNC and O_DSYNC writes survive with size and mapping; no stale content at any cut; a new size shows its data.",
        Alternatives = ["Let the worker take the inode lock: it deadlocks with truncate; let it try: it livelocks (WorkerTriesInodeLock)."],
        Switches =
        [
            new("WorkerTriesInodeLock", (int)WorkerTriesInodeLock, "the worker only tries the inode lock, and queues itself again",
                "before 28a535f9a0df", "D11"),
            new("FlushSeesOnlyTheList", (int)FlushSeesOnlyTheList,
                "flush knows neither what the worker has taken nor what is not listed yet", "as posted; c278531d39f3", "D12"),
            new("PunchIgnoresFlush", (int)PunchIgnoresFlush, "a hole is punched although a conversion failed", "the review of 2012", "D13"),
            new("ErrorNotSticky", (int)ErrorNotSticky, "an error that the worker met is told to nobody", "the review of 2012", "D13"),
            new("FillHolesWritten", (int)FillHolesWritten, "a hole inside the size is allocated written", "the design of unwritten extents",
                "D3"),
            new("NoOrphan", (int)NoOrphan, "an extending write does not put its inode on the orphan list", "the review of 2009", "D10"),
        ],
        AsPosted = ["FlushSeesOnlyTheList", "PunchIgnoresFlush", "ErrorNotSticky"],
        StatedDefects = ["D2 with barriers ignored", "D19 without a journal"],
    };

    /// <inheritdoc/>
    public ProtocolDescription Description => Own;

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
            if (write.IsUnaligned)
                await InodeLocking.WaitForDirectAsync(write); // (2)
            await Privileges.UpdateAsync(_io, write);
            if (write.IsExtending && !Has(NoOrphan))
                await OrphanProtection.AddAsync(_io, write); // (4)
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
        if (!fillsWritten && !write.Inode.HasExtents && !write.Inode.Map.Lookup(logicalBlock, 1).IsMapped)
            return WriteMapping.Buffered; // (14)
        MappingState fillHoleAs = fillsWritten ? MappingState.Written : MappingState.Unwritten; // (3), (4)
        WriteMapping mapping = await BlockAllocation.MapAsync(_io, write.Inode, logicalBlock, lengthBlocks, fillHoleAs);
        bool isFirstUnwritten = mapping.Blocks.State == MappingState.Unwritten && !write.NeedsConversion;
        if (isFirstUnwritten)
            _completed.ListOf(write.Inode).CountDirect(1); // (8)
        return mapping;
    }

    /// <inheritdoc/>
    public bool MayUseFua(DirectWrite write, in WriteMapping mapping) => false;

    /// <inheritdoc/>
    public void IoDone(DirectWrite write)
    {
        if (write.NeedsConversion)
        {
            _io.Inodes.Retain(write.Inode); // (10)
            _completed.List(write);
            return;
        }

        bool hasNothingThatWaits = write.Sync == SyncKind.None && write.Inode.Pages.Count == 0;
        if (hasNothingThatWaits)
            write.Complete();
        else
            _io.DirectCompletions.Enqueue(write);
    }

    /// <inheritdoc/>
    public async ValueTask FinishAsync(DirectWrite write)
    {
        if (write.MustWait && write.NeedsConversion) // others were converted off the list
            await ConvertOwnAsync(write);
        if (write.Error != Errno.None)
            return;
        if (write.IsExtending && !write.HasBufferedRest && SizeExtension.IsNeeded(write))
            await SizeExtension.RaiseBothAsync(_io, write); // (4)
        await _parts.Coherence.DropAsync(write.Inode, write.OffsetBytes, write.LengthBytes); // (12)
    }

    /// <inheritdoc/>
    public ValueTask SyncAsync(DirectWrite write) =>
        _parts.FileSync.SyncDirectAsync(write.Inode, write.OffsetBytes, write.LengthBytes, isDataOnly: write.Sync == SyncKind.DataSync);

    /// <inheritdoc/>
    public async ValueTask ReturnedAsync(DirectWrite write)
    {
        try
        {
            if (write.IsExtending)
                await FailedExtension.CleanAsync(_io, write); // (13)
            if (write.HasBufferedRest && write.Error == Errno.None)
                await BufferedRest.WriteAsync(_parts, write); // (14)
        }
        finally
        {
            InodeLocking.Unlock(write); // (1)
        }
    }

    /// <inheritdoc/>
    public async ValueTask TruncatingAsync(Inode inode, long newSizeBytes)
    {
        await inode.WaitForDirectAsync(); // the worker needs no lock that is held here (5)
        await FlushAsync(inode, pagesOnly: false); // (9)
    }

    /// <inheritdoc/>
    public async ValueTask PunchingAsync(Inode inode, long offsetBytes, long lengthBytes)
    {
        await inode.WaitForDirectAsync();
        Errno error = await FlushAsync(inode, pagesOnly: false); // (9)
        bool hasFailed = error != Errno.None || _completed.ListOf(inode).HasUntoldFailure;
        if (hasFailed && !Has(PunchIgnoresFlush))
            throw new FileSystemException(Errno.EIO, $"punch of inode {inode.Number}", "data of it could not be made reachable"); // (11)
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ReadingAsync(Inode inode)
    {
        if (!_io.DioReadNoLock)
            return true;
        await FlushAsync(inode, pagesOnly: false); // (9)
        return false;
    }

    /// <inheritdoc/>
    public async ValueTask WrittenBackAsync(Inode inode) => await FlushAsync(inode, pagesOnly: true); // (7)

    /// <inheritdoc/>
    public async ValueTask SyncingAsync(Inode inode)
    {
        int errorsBefore = inode.WriteErrorsCount;
        Errno error = await FlushAsync(inode, pagesOnly: false); // (9)
        if (error == Errno.None && inode.WriteErrorsCount != errorsBefore)
            error = inode.LastWriteError; // (11): others converted what was waited for
        if (error != Errno.None)
            throw new FileSystemException(error, $"sync of inode {inode.Number}", "data of it could not be made reachable");
    }

    /// <inheritdoc/>
    public void WriteBackSubmitted(PageWrite write)
    {
        _io.Inodes.Retain(write.Inode); // (10)
        _completed.ListOf(write.Inode).CountPages(1); // (8)
    }

    /// <inheritdoc/>
    public void WriteBackDone(PageWrite write)
    {
        write.EndPages(); // (7)
        _completed.List(write);
    }

    private void Judge(DirectWrite write)
    {
        RangeStates states = RangeStates.Under(_io, write.Inode, write.OffsetBytes, write.EndBytes);
        write.IsUnaligned = BlockPadding.IsNeeded(_io, write.Inode, write.OffsetBytes, write.LengthBytes, states);
        write.IsExtending = SizeExtension.IsNeeded(write);
        write.MustWait = !write.IsAsynchronous || write.IsExtending || write.IsUnaligned; // (2), (4)
        if (write.IsNoWait && (write.IsExtending || states.HasHole))
            throw InodeLocking.WouldWait(write.Inode, "it would allocate or extend");
    }

    /// <summary>A write that is waited for is converted by its submitter.</summary>
    private async ValueTask ConvertOwnAsync(DirectWrite write)
    {
        CompletedIoList list = _completed.ListOf(write.Inode);
        try
        {
            if (write.Error == Errno.None)
                await UnwrittenConversion.ConvertAsync(_io, write.Inode, write.OffsetBytes, write.DirectEndBytes - write.OffsetBytes);
        }
        catch (FileSystemException failed) when (!Has(ErrorNotSticky))
        {
            list.NoteFailure(failed.Errno, isTold: true); // (11)
            throw;
        }
        finally
        {
            list.CountDirect(-1);
        }
    }

    /// <summary>What the worker does of an inode's list.</summary>
    private async ValueTask WorkAsync(CompletedIoList list)
    {
        if (!Has(WorkerTriesInodeLock))
        {
            await _completed.DrainAsync(list); // (5), (6)
            return;
        }

        if (list.IsEmpty)
            return;
        if (!list.Inode.Lock.TryLockExclusive())
        {
            if (++list.LockLossesCount > MostLockLosses) // no explorer looks on that would end this
                throw new InvariantException($"the worker tries the lock of inode {list.Inode.Number} for ever: {MostLockLosses:N0} times");
            _io.DirectCompletions.Enqueue(list);
            await _io.Machine.Yield("the worker could not have the inode lock, and has queued itself again");
            return;
        }

        list.LockLossesCount = 0;
        List<CompletedIo> taken;
        try
        {
            taken = await _completed.ConvertListedAsync(list);
        }
        finally
        {
            list.Inode.Lock.UnlockExclusive();
        }

        await _completed.CompleteAsync(taken);
    }

    /// <summary>Sees to it that what completed is converted.</summary>
    /// <returns>The first error that this flush met.</returns>
    private async ValueTask<Errno> FlushAsync(Inode inode, bool pagesOnly)
    {
        CompletedIoList list = _completed.ListOf(inode);
        Errno error = Errno.None;
        while (true)
        {
            Errno met = await _completed.DrainAsync(list);
            error = error == Errno.None ? met : error;
            if (Has(FlushSeesOnlyTheList) || list.IsConverted(pagesOnly))
                return error;
            await list.ChangedAsync(pagesOnly); // (8)
        }
    }

    private bool Has(Ext4CompletedIo2012Switches switches) => (_switches & switches) != 0;
}
