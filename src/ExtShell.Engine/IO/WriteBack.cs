using ExtShell.Engine.Allocation;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>
/// Brings what was written through the page cache to the device: allocates what was only reserved, submits, converts, and raises the disk
/// size.
/// </summary>
/// <remarks>
/// Today's ext4 (delayed allocation, <c>dioread_nolock</c>): holes are allocated unwritten here, not at the write; the completion worker
/// converts them when the data is on the device, and only then are their pages clean. Without <c>dioread_nolock</c> they are allocated
/// written, and ordered before the commit of their transaction.
/// Invariants.
/// (1) Between the last look at map and pages and the start of write-back nothing waits; so neither a truncate nor another write-back comes
/// between.
/// (2) A block is in one write-back at a time: older write-back of it is waited for first, without a handle.
/// (3) The disk size is raised after the data is on the device: in the transaction that converts it, so that a committed size shows data,
/// and written blocks never lie past it.
/// Blocks that are allocated written raise it in the transaction that allocates them, which does not commit before their data is there.
/// Where nothing is allocated the worker raises it, and who syncs does so himself, so that he need not wait for the worker.
/// (4) A page's write-back ends after its conversion (unless the protocol ends it before), which is in the journal's hands then, and before
/// (3): no commit waits for something that needs a handle.
/// (5) Reserved blocks that are allocated leave the reservation.
/// (6) While readers see the end of a direct write whose data is on its way, the disk size is not raised here: it would show zeroes where
/// that write's data belongs. The last of those writes raises it for us; who syncs waits for that.
/// </remarks>
public sealed partial class WriteBack
{
    private const int LargestRunBytes = 1 << 20;

    private readonly IoContext _io;
    private readonly Stack<PageWrite> _free = new();

    internal WriteBack(IoContext io) => _io = io;

    /// <summary>Writes the range back, waits for it, and reports an error that the file's write-back met meanwhile.</summary>
    /// <exception cref="FileSystemException">EIO, ENOSPC: some of it did not reach the device; it stays dirty.</exception>
    public async ValueTask WriteAndWaitAsync(Inode inode, long offsetBytes, long lengthBytes)
    {
        if (!inode.HasPages)
            return;
        PageCache pages = inode.Pages;
        pages.MappedMemory?.Flush(offsetBytes, lengthBytes);
        int errorsBefore = inode.WriteErrorsCount;
        if (pages.DirtyPageCount > 0)
            await WriteAsync(inode, offsetBytes, lengthBytes);
        if (pages.WritebackPageCount > 0)
            await pages.WaitForWritebackAsync(offsetBytes, lengthBytes);
        if (inode.WriteErrorsCount != errorsBefore)
            throw new FileSystemException(inode.LastWriteError, $"write-back of inode {inode.Number}", "the data did not reach the device");
    }

    /// <summary>As <see cref="WriteAndWaitAsync"/>, and raises the disk size to the range's end where the size is beyond it.</summary>
    /// <exception cref="FileSystemException">As <see cref="WriteAndWaitAsync"/>.</exception>
    public async ValueTask WriteAndRaiseAsync(Inode inode, long offsetBytes, long lengthBytes)
    {
        await WriteAndWaitAsync(inode, offsetBytes, lengthBytes);
        await RaiseForSyncAsync(inode, offsetBytes + lengthBytes);
    }

    /// <summary>
    /// Writes all of the file back, and brings the disk size up to the size: also where a commit wrote the pages before us (data=ordered),
    /// which raises no sizes.
    /// </summary>
    /// <exception cref="FileSystemException">As <see cref="WriteAndWaitAsync"/>.</exception>
    public async ValueTask WriteFileAsync(Inode inode)
    {
        long size = inode.SizeBytes;
        await WriteAndWaitAsync(inode, 0, long.MaxValue);
        await RaiseForSyncAsync(inode, size);
    }

    /// <summary>As <see cref="IWriteProtocol.WrittenBackAsync"/>.</summary>
    internal ValueTask ConvertedAsync(Inode inode) => _io.Protocol.WrittenBackAsync(inode);

    /// <summary>Submits what is dirty in the range.</summary>
    public async ValueTask WriteAsync(Inode inode, long offsetBytes, long lengthBytes)
    {
        long end = lengthBytes > long.MaxValue - offsetBytes ? long.MaxValue : offsetBytes + lengthBytes;
        long position = offsetBytes;
        while (inode.Pages.TryFindDirty(position, end, out DirtyRange range))
        {
            range = range with { LengthBytes = Math.Min(range.LengthBytes, LargestRunBytes) };
            await inode.Pages.WaitForWritebackAsync(range.OffsetBytes, range.LengthBytes); // (2)
            try
            {
                position = await SubmitAsync(inode, range);
            }
            catch (FileSystemException failed)
            {
                inode.NoteWriteError(failed.Errno);
                position = range.EndBytes;
            }
        }
    }

    /// <summary>All bios of a run have ended; interrupt context, or its submitter.</summary>
    internal void DataDone(PageWrite write)
    {
        bool raisesDiskSize = write.EndBytes > write.Inode.DiskSizeBytes && write.Inode.SizeBytes > write.Inode.DiskSizeBytes;
        if (write.NeedsConversion)
        {
            _io.Protocol.WriteBackDone(write);
            return;
        }

        write.EndPages(); // (4)
        if (raisesDiskSize && write.Error == Errno.None)
            _io.WriteBackCompletions.Enqueue(write);
        else
            Release(write);
    }

    /// <summary>What the completion worker does when the data is on the device.</summary>
    internal async ValueTask FinishAsync(PageWrite write)
    {
        try
        {
            if (write.NeedsConversion && write.Error == Errno.None)
                await UnwrittenConversion.ConvertAsync(_io, write.Inode, write.OffsetBytes, write.LengthBytes, DiskSizeRaise.ToSize); // (3)
        }
        catch (FileSystemException failed)
        {
            write.Fail(failed.Errno);
        }
        catch (CorruptionException)
        {
            write.Fail(Errno.EUCLEAN);
        }

        write.EndPages(); // (4)
        try
        {
            if (write.Error == Errno.None)
                await RaiseDiskSizeAsync(write.Inode, write.EndBytes); // (3)
        }
        catch (FileSystemException failed)
        {
            write.Inode.NoteWriteError(failed.Errno);
        }

        Release(write);
    }

    private void Release(PageWrite write)
    {
        write.Clear();
        _free.Push(write);
    }

    private async ValueTask RaiseForSyncAsync(Inode inode, long endBytes)
    {
        while (Math.Min(endBytes, inode.SizeBytes) > inode.DiskSizeBytes && !inode.IsEvicted)
        {
            await inode.WaitForExtensionsAsync(); // (6)
            await RaiseDiskSizeAsync(inode, endBytes);
        }
    }

    private async ValueTask RaiseDiskSizeAsync(Inode inode, long endBytes)
    {
        if (Math.Min(endBytes, inode.SizeBytes) <= inode.DiskSizeBytes || inode.IsEvicted || inode.DefersDiskSize(endBytes)) // (6)
            return;
        Handle handle = await _io.Journal.StartAsync(Inode.CreditsToStoreSize, "raise disk size");
        try
        {
            await inode.MappingLock.LockExclusiveAsync();
            if (!inode.IsEvicted)
                RaiseUnder(handle, inode, endBytes);
            inode.MappingLock.UnlockExclusive();
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    private static void RaiseUnder(Handle handle, Inode inode, long endBytes)
    {
        long size = Math.Min(endBytes, inode.SizeBytes);
        if (size <= inode.DiskSizeBytes || inode.DefersDiskSize(size)) // (6)
            return;
        inode.DiskSizeBytes = size;
        inode.MarkDirty(handle);
        inode.NoteTransaction(handle, isDataIntegrity: true);
    }

    /// <summary>Submits the beginning of a dirty range: as much as one run of blocks takes.</summary>
    /// <returns>Where to go on; the range's own begin if it must be looked at again.</returns>
    private async ValueTask<long> SubmitAsync(Inode inode, DirtyRange range)
    {
        if (_io.Volume.JournalsData)
            return await JournalAsync(inode, range);
        uint block = (uint)(range.OffsetBytes >> _io.BlockSizeBits);
        BlockMapping run = inode.Map.Lookup(block, (int)(range.LengthBytes >> _io.BlockSizeBits));
        if (run.State == MappingState.Written && IsStillDirty(inode, range.OffsetBytes, run.LengthBlocks, out int dirtyBlocks))
            return Submit(inode, run with { LengthBlocks = dirtyBlocks }, needsConversion: false);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await AllocateAndSubmitAsync(inode, range, run.LengthBlocks);
            }
            catch (FileSystemException full) when (SpaceRetry.MayHelp(_io, full, attempt))
            {
                await SpaceRetry.CommitAsync(_io);
            }
        }
    }

    private async ValueTask<long> AllocateAndSubmitAsync(Inode inode, DirtyRange range, int lengthBlocks)
    {
        int credits = Math.Max(inode.Map.CreditsToMap(lengthBlocks), inode.Map.CreditsToConvert(lengthBlocks));
        Handle handle = await _io.Journal.StartAsync(credits + Inode.CreditsToStoreSize, "allocate for write-back");
        try
        {
            await inode.MappingLock.LockExclusiveAsync();
            try
            {
                if (!IsStillDirty(inode, range.OffsetBytes, lengthBlocks, out int dirtyBlocks)) // (1)
                    return dirtyBlocks < 0 ? range.OffsetBytes : range.OffsetBytes + _io.BlockSizeBytes;
                BlockMapping run = MapUnder(handle, inode, (uint)(range.OffsetBytes >> _io.BlockSizeBits), dirtyBlocks);
                return Submit(inode, run, needsConversion: run.State == MappingState.Unwritten);
            }
            finally
            {
                inode.MappingLock.UnlockExclusive();
            }
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    /// <summary>The run that takes the beginning of a dirty range; a hole is allocated out of the reservation.</summary>
    private BlockMapping MapUnder(Handle handle, Inode inode, uint block, int lengthBlocks)
    {
        BlockMapping run = inode.Map.Lookup(block, lengthBlocks);
        if (run.State == MappingState.Written)
            return run;
        if (run.State == MappingState.Hole)
        {
            MappingState state = _io.DioReadNoLock && inode.HasExtents ? MappingState.Unwritten : MappingState.Written;
            run = inode.Map.Allocate(handle, block, run.LengthBlocks, state, AllocationUse.Reserved | AllocationUse.Privileged);
            inode.ReservedBlocks -= run.LengthBlocks; // (5)
            if (state == MappingState.Written)
            {
                handle.AddOrderedData(inode.OrderedData, (long)block << _io.BlockSizeBits, (long)run.LengthBlocks << _io.BlockSizeBits);
                RaiseUnder(handle, inode, run.EndLogicalBlock << _io.BlockSizeBits); // (3)
            }
        }
        else
        {
            inode.Map.SplitAt(handle, block, run.LengthBlocks);
        }

        inode.NoteTransaction(handle, isDataIntegrity: true);
        return run;
    }

    /// <summary>
    /// Whether the blocks from a byte on are dirty still, and how many of them in a row can be taken: 0 if the first is clean by now, -1 if
    /// it is in write-back again and must be waited for.
    /// </summary>
    private bool IsStillDirty(Inode inode, long offsetBytes, int lengthBlocks, out int dirtyBlocks)
    {
        dirtyBlocks = 0;
        PageCache pages = inode.Pages;
        if (!pages.TryFindDirty(offsetBytes, offsetBytes + ((long)lengthBlocks << _io.BlockSizeBits), out DirtyRange dirty)
            || dirty.OffsetBytes != offsetBytes)
            return false;
        long end = offsetBytes;
        while (end < dirty.EndBytes && pages.Find(end / Page.SizeBytes) is { IsWriteback: false } page)
            end = page.OffsetBytes + Page.SizeBytes;
        dirtyBlocks = end == offsetBytes ? -1 : (int)((Math.Min(end, dirty.EndBytes) - offsetBytes) >> _io.BlockSizeBits);
        return dirtyBlocks > 0;
    }

    /// <summary>Takes the bytes of a run from its pages and submits them: a bio for each stretch that one call wrote.</summary>
    /// <returns>The byte of the file behind the run.</returns>
    private long Submit(Inode inode, in BlockMapping run, bool needsConversion)
    {
        long offset = (long)run.LogicalBlock << _io.BlockSizeBits;
        if (!_free.TryPop(out PageWrite? write))
            write = new PageWrite(this);
        write.Begin(inode, offset, run.LengthBlocks << _io.BlockSizeBits, needsConversion);
        if (needsConversion)
            _io.Protocol.WriteBackSubmitted(write);
        inode.Pages.BeginWriteback(offset, write.Bytes.Span, inode.SizeBytes);
        long deviceOffset = run.PhysicalBlock << _io.BlockSizeBits;
        for (int done = 0; done < write.LengthBytes;)
        {
            int length = LengthOfOneCall(inode.Pages, offset + done, write.LengthBytes - done, out int call);
            Bio bio = write.NextBio(_io.Machine);
            bio.SetWrite(deviceOffset + done, write.Bytes.Slice(done, length),
                new Provenance(ProvenanceKind.Data, inode.Number, offset + done, call));
            _io.Device.Submit(bio);
            done += length;
        }

        write.EndSubmission();
        return offset + (run.LengthBlocks << _io.BlockSizeBits);
    }

    private static int LengthOfOneCall(PageCache pages, long offsetBytes, int lengthBytes, out int call)
    {
        call = pages.Find(offsetBytes / Page.SizeBytes)!.Call;
        long end = offsetBytes;
        while (end < offsetBytes + lengthBytes && pages.Find(end / Page.SizeBytes)!.Call == call)
            end = ((end / Page.SizeBytes) + 1) * Page.SizeBytes;
        return (int)Math.Min(end - offsetBytes, lengthBytes);
    }
}
