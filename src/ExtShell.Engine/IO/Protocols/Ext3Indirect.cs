using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;
using static ExtShell.Engine.IO.Protocols.Ext3IndirectSwitches;

namespace ExtShell.Engine.IO.Protocols;

/// <summary>The direct write path of ext3; what it is and promises is said by <see cref="Own"/>, cited by number.</summary>
public sealed class Ext3Indirect : IWriteProtocol
{
    private readonly ProtocolParts _parts;
    private readonly IoContext _io;
    private readonly Ext3IndirectSwitches _switches;

    internal Ext3Indirect(ProtocolParts parts, Ext3IndirectSwitches switches) => (_parts, _io, _switches) = (parts, parts.Io, switches);

    /// <summary>What the product prints of it.</summary>
    public static ProtocolDescription Own { get; } = new()
    {
        Name = "Ext3Indirect",
        Summary = "ext3's direct writes: block maps know no unwritten state, so extensions are protected by the orphan list, "
            + "and holes go through the page cache.",
        History = """
            ext3 maps files by numbers in direct and indirect blocks. What is mapped is written, so a block that is mapped before its data
            is on the device shows what it held. Behind the size nobody reads, and the orphan list makes recovery take such blocks away;
            inside the size there is no such shelter, and the write goes through the page cache. When ext4 discussed its own direct I/O in
            2009, it was asked whether an extending asynchronous write may return from submission: its size is in the journal then before
            its data is anywhere.
            """,
        Invariants =
        [
            "A write holds the inode lock exclusively until it returns.",
            "An extending write puts the inode on the orphan list, with the old disk size, before it maps: "
                + "mappings have handles of their own, and may commit without the size.",
            "A last handle takes it off the list and raises both sizes, in one transaction, when the data is on the device.",
            "An extending write, and one that pads the tail of the file, is waited for under the lock.",
            "A block inside the size that is not written is never written directly: from there on the write goes through the page cache, "
                + "is written back and dropped from it, under the same hold of the lock.",
            "The same holds for extent-mapped files: nothing is allocated unwritten here, "
                + "and what is unwritten goes through the page cache.",
            "The page cache over the range is dropped before the data goes out, and again before the acknowledgement.",
            "A failed extending write leaves no blocks past the in-memory size, and the inode off the orphan list.",
            "FUA stands in for the sync only of pure overwrites of which neither mapping nor size is dirty in memory.",
        ],
        Windows =
        [
            "A cut leaves any part of a write that was not acknowledged.",
            "Blocks past the size that fallocate with KEEP_SIZE had reserved are freed by recovery after a cut during an extending write, "
                + "and by a failed one.",
            "fallocate that allocates or zeroes is EOPNOTSUPP on block maps; punching works. NOWAIT is EOPNOTSUPP: "
                + "it is younger than this path.",
            "A buffered write that runs while a direct write into the same page is in flight takes all of the page with it when it is "
                + "written back, as on Linux.",
        ],
        Locks = "Inode lock exclusive for every write; dropped at submission by asynchronous overwrites, and held over the buffered rest.",
        Order = "Orphan list, map, data, both sizes and off the orphan list, page cache, in-flight count, sync, buffered rest, "
            + "acknowledgement.",
        Allocation = "Written, past the size only, under the orphan list's protection; holes through the page cache.",
        Sizes = "Both raised by the submitter in the last handle, after the data.",
        Acknowledgement = "By the submitter when the write was waited for; else by the interrupt, "
            + "or by the completion worker where a sync or cached pages are left.",
        InFlightCount = "Drops when the data is done and the sizes are raised; truncate and punch wait for it.",
        Fallback = "From the first block inside the size on that is not written: buffered under the lock, written back, "
            + "dropped from the page cache.",
        Guarantees =
            "Acknowledged O_SYNC and O_DSYNC writes survive with size and mapping; no stale content at any cut; a new size shows its data.",
        Switches =
        [
            new("ExtendingAioReturns", (int)ExtendingAioReturns,
                "an extending asynchronous write returns from submission, and the sizes are raised there", "the discussion of 2009", "D1"),
            new("FillHolesWritten", (int)FillHolesWritten, "a hole inside the size is allocated, and written directly",
                "the design of ext3", "D3"),
            new("NoOrphan", (int)NoOrphan, "an extending write does not put its inode on the orphan list", "the review of 2009", "D10"),
        ],
        Alternatives =
        [
            "Let extending asynchronous writes return from submission: safe only where the barrier of a commit drains what is queued.",
        ],
        StatedDefects = ["D2 with barriers ignored", "D19 without a journal"],
    };

    /// <inheritdoc/>
    public ProtocolDescription Description => Own;

    /// <inheritdoc/>
    public async ValueTask AdmitAsync(DirectWrite write)
    {
        RequestChecks.Align(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
        if (write.IsNoWait)
            throw new FileSystemException(Errno.EOPNOTSUPP, $"write of inode {write.Inode.Number}", "this path cannot promise not to wait");
        await InodeLocking.LockAsync(write, InodeLockHold.Exclusive); // (1)
        bool isAdmitted = false;
        try
        {
            if (write.IsAppend)
                write.MoveTo(write.Inode.SizeBytes);
            RequestChecks.RequireRunning(_io, write.Inode);
            RequestChecks.Write(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
            Judge(write);
            await Privileges.UpdateAsync(_io, write);
            if (write.IsExtending && !Has(NoOrphan))
                await OrphanProtection.AddAsync(_io, write); // (2)
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
        BlockMapping found = write.Inode.Map.Lookup(logicalBlock, Math.Min(lengthBlocks, BlockAllocation.LargestRunBlocks));
        if (found.State == MappingState.Written)
            return new WriteMapping(found, false);
        bool isPastSize = (long)logicalBlock << _io.BlockSizeBits >= write.Inode.SizeBytes;
        bool mayAllocate = found.State == MappingState.Hole && (isPastSize || Has(FillHolesWritten));
        if (!mayAllocate)
            return WriteMapping.Buffered; // (5), (6)
        return await BlockAllocation.MapAsync(_io, write.Inode, logicalBlock, found.LengthBlocks, MappingState.Written);
    }

    /// <inheritdoc/>
    public bool MayUseFua(DirectWrite write, in WriteMapping mapping) => ForcedWrites.MayReplaceSync(_io, write, mapping); // (9)

    /// <inheritdoc/>
    public void IoDone(DirectWrite write)
    {
        bool hasNothingThatWaits = (write.Sync == SyncKind.None || write.IsAllFua) && write.Inode.Pages.Count == 0;
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
        if (write.MustWait && SizeExtension.IsNeeded(write))
            await SizeExtension.RaiseBothAsync(_io, write); // (3)
        await _parts.Coherence.DropAsync(write.Inode, write.OffsetBytes, write.TransferredBytes); // (7)
    }

    /// <inheritdoc/>
    public ValueTask SyncAsync(DirectWrite write) =>
        _parts.FileSync.SyncDirectAsync(write.Inode, write.OffsetBytes, write.LengthBytes, isDataOnly: write.Sync == SyncKind.DataSync);

    /// <inheritdoc/>
    public async ValueTask ReturnedAsync(DirectWrite write)
    {
        try
        {
            bool returnsBeforeItsData = write.IsExtending && !write.MustWait;
            if (returnsBeforeItsData && write.Error != Errno.None)
                await write.Inode.WaitForDirectAsync(); // some of it is on its way to blocks that go
            else if (returnsBeforeItsData && SizeExtension.IsNeeded(write))
                await SizeExtension.RaiseBothAsync(_io, write);
            if (write.IsExtending)
                await FailedExtension.CleanAsync(_io, write); // (8)
            if (write.HasBufferedRest && write.Error == Errno.None)
                await BufferedRest.WriteAsync(_parts, write); // (5)
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
    public ValueTask SyncingAsync(Inode inode) => default; // (3): what was acknowledged is reachable

    /// <inheritdoc/>
    public void WriteBackSubmitted(PageWrite write)
    {
    }

    /// <inheritdoc/>
    public void WriteBackDone(PageWrite write) => _io.WriteBackCompletions.Enqueue(write);

    /// <summary>Decides what the write is, as things stand under the lock.</summary>
    private void Judge(DirectWrite write)
    {
        RangeStates states = RangeStates.Under(_io, write.Inode, write.OffsetBytes, write.EndBytes);
        write.IsUnaligned = BlockPadding.IsNeeded(_io, write.Inode, write.OffsetBytes, write.LengthBytes, states);
        write.IsExtending = SizeExtension.IsNeeded(write);
        bool isWaitedFor = write.IsExtending ? !Has(ExtendingAioReturns) : write.IsUnaligned;
        write.MustWait = !write.IsAsynchronous || isWaitedFor; // (4)
    }

    private bool Has(Ext3IndirectSwitches switches) => (_switches & switches) != 0;
}
