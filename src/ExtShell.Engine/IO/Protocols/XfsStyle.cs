using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;
using static ExtShell.Engine.IO.Protocols.XfsStyleSwitches;

namespace ExtShell.Engine.IO.Protocols;

/// <summary>
/// The direct write path of XFS, on ext4's format; what it is and promises is said by <see cref="Own"/>, cited by number.
/// </summary>
public sealed class XfsStyle : IWriteProtocol
{
    private readonly IoContext _io;
    private readonly PageCoherence _coherence;
    private readonly FileSync _fileSync;
    private readonly XfsStyleSwitches _switches;

    internal XfsStyle(ProtocolParts parts, XfsStyleSwitches switches) =>
        (_io, _coherence, _fileSync, _switches) = (parts.Io, parts.Coherence, parts.FileSync, switches);

    /// <summary>What the product prints of it.</summary>
    public static ProtocolDescription Own { get; } = new()
    {
        Name = "XfsStyle",
        Summary = "The direct writes of XFS on ext4's format: shared lock even for what extends, everything unwritten first, "
            + "sizes raised with the conversion.",
        ServesBlockMaps = false,
        History = """
            XFS lets direct writes share the inode lock, those that extend the file too, asynchronous ones without waiting for them. All
            blocks are allocated unwritten (d531d91d6990), so nothing needs an orphan list; end-of-I/O converts them and updates the size
            on disk in one transaction. At first the in-memory size was raised before that, and a reader could see the new size over
            zeroes (ee70daaba82d).
            """,
        Invariants =
        [
            "Aligned writes share the inode lock; who is alone waits for those in flight first: writes that pad a block, appends, "
                + "and writes that begin behind the end.",
            "A write that pads is waited for under the exclusive lock. "
                + "Appends and writes behind the end share the lock again once their place is settled.",
            "Whatever a direct write allocates is unwritten, and converted when its data is on the device.",
            "The disk size is raised in the transaction that converts: no cut shows written blocks past it, "
                + "nor a size over blocks that were never written.",
            "The in-memory size is raised after the conversion, with nothing in between that waits; sizes are only ever raised here.",
            "What is in flight and extends begins at or before the in-memory size: behind it nobody starts before the others have ended, "
                + "and no append, direct or buffered, looks up the end before that. "
                + "So no size is raised over a gap that another write is still to fill.",
            "The rest of the last block is zero before a size beyond it is stored.",
            "The page cache over the range is dropped after the conversion and before the acknowledgement; "
                + "the in-flight count drops after that.",
            "FUA stands in for the sync only of pure overwrites of which neither mapping nor size is dirty in memory.",
            "A write that must not wait (NOWAIT) fails with EAGAIN where it would need the lock alone, or blocks that are not written yet.",
        ],
        Windows =
        [
            "A cut, or a failed write, leaves unwritten blocks past the end that nobody asked for: a warning of the checker. "
                + "A truncate frees them.",
            "A write that fails for lack of space returns the error, though bytes that it overwrote may have changed.",
            "A write of several extents shows sizes in between, after a cut and to readers.",
            "A cut leaves any part of a write that was not acknowledged.",
            "Files that are mapped by blocks have no unwritten state: only what is allocated can be written directly, "
                + "the rest is EOPNOTSUPP.",
            "A buffered write that runs while a direct write into the same page is in flight takes all of the page with it when it is "
                + "written back, as on Linux.",
        ],
        Locks = "Inode lock shared, also for what extends or allocates; exclusive for padding, "
            + "and to settle an append or the gap behind the end. Dropped at submission by asynchronous writes that do not pad.",
        Order = "Map, data, conversion with the disk size, in-memory size, page cache, in-flight count, sync, acknowledgement.",
        Allocation = "Everything unwritten; nothing protects it from a cut, and nothing needs to.",
        Sizes = "By end-of-I/O, without the inode lock: the disk size with the conversion, the in-memory size behind it.",
        Acknowledgement = "By the submitter when the write was waited for; else by the completion worker after conversion, sizes and sync, "
            + "or at once by the interrupt where nothing is left to do.",
        InFlightCount = "Drops after conversion and sizes; truncate, punch, and whoever takes the lock alone wait for it.",
        Fallback = "None: an error is returned, though bytes may have changed.",
        Guarantees =
            "Acknowledged O_SYNC and O_DSYNC writes survive with size and mapping; no stale content at any cut; a new size shows its data.",
        Switches =
        [
            new("InMemorySizeBeforeConversion", (int)InMemorySizeBeforeConversion, "the in-memory size is raised before the conversion",
                "ee70daaba82d", "D25"),
            new("FillHolesWritten", (int)FillHolesWritten, "a hole inside the size is allocated written", "the design of unwritten extents",
                "D3"),
            new("NoOrphan", (int)NoOrphan, "nothing: this protocol keeps no orphan list, and leaves unwritten blocks past the end as it is",
                "the review of 2009", "D10"),
        ],
        AsPosted = ["InMemorySizeBeforeConversion"],
        StatedDefects = ["D2 with barriers ignored", "D10 as a warning: unwritten blocks past the end", "D19 without a journal"],
    };

    /// <inheritdoc/>
    public ProtocolDescription Description => Own;

    /// <inheritdoc/>
    public async ValueTask AdmitAsync(DirectWrite write)
    {
        RequestChecks.Align(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
        await InodeLocking.LockAsync(write, write.IsAppend ? InodeLockHold.Exclusive : InodeLockHold.Shared);
        bool isAdmitted = false;
        try
        {
            if (MustBeAlone(write))
                await BeAloneAsync(write); // (1)
            RequestChecks.RequireRunning(_io, write.Inode);
            RequestChecks.Write(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
            Judge(write);
            await Privileges.UpdateAsync(_io, write);
            if (write.Lock == InodeLockHold.Exclusive && write.OffsetBytes > write.Inode.SizeBytes)
                await TailZeroing.RunAsync(_io, write.Inode); // (7)
            if (write.Lock == InodeLockHold.Exclusive && !write.IsUnaligned)
                InodeLocking.Downgrade(write); // (2)
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
        long insideBlocks = (write.Inode.SizeBytes >> _io.BlockSizeBits) - logicalBlock;
        if (Has(FillHolesWritten) && insideBlocks > 0)
            return BlockAllocation.MapAsync(
                _io, write.Inode, logicalBlock, (int)Math.Min(lengthBlocks, insideBlocks), MappingState.Written);
        return BlockAllocation.MapAsync(_io, write.Inode, logicalBlock, lengthBlocks, MappingState.Unwritten); // (3)
    }

    /// <inheritdoc/>
    public bool MayUseFua(DirectWrite write, in WriteMapping mapping) => ForcedWrites.MayReplaceSync(_io, write, mapping); // (9)

    /// <inheritdoc/>
    public void IoDone(DirectWrite write)
    {
        bool hasNothingThatWaits = !write.NeedsConversion && !SizeExtension.IsNeeded(write)
            && (write.Sync == SyncKind.None || write.IsAllFua) && write.Inode.Pages.Count == 0;
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
        if (Has(InMemorySizeBeforeConversion) && write.EndBytes > write.Inode.SizeBytes)
        {
            SizeExtension.RaiseInMemory(write);
            await _io.Machine.Yield("between the in-memory size and the conversion");
        }

        if (write.NeedsConversion || SizeExtension.IsNeeded(write))
            await ExtendingConversion.RunAsync(_io, write); // (4), (5)
        await _coherence.DropAsync(write.Inode, write.OffsetBytes, write.LengthBytes); // (8)
    }

    /// <inheritdoc/>
    public ValueTask SyncAsync(DirectWrite write) =>
        _fileSync.SyncDirectAsync(write.Inode, write.OffsetBytes, write.LengthBytes, isDataOnly: write.Sync == SyncKind.DataSync);

    /// <inheritdoc/>
    public ValueTask ReturnedAsync(DirectWrite write)
    {
        InodeLocking.Unlock(write);
        return default;
    }

    /// <inheritdoc/>
    public async ValueTask TruncatingAsync(Inode inode, long newSizeBytes) => await inode.WaitForDirectAsync();

    /// <inheritdoc/>
    public async ValueTask PunchingAsync(Inode inode, long offsetBytes, long lengthBytes) => await inode.WaitForDirectAsync();

    /// <inheritdoc/>
    public async ValueTask AppendingAsync(Inode inode) => await inode.WaitForDirectAsync(); // (6)

    /// <inheritdoc/>
    public ValueTask<bool> ReadingAsync(Inode inode) => new(true);

    /// <inheritdoc/>
    public ValueTask SyncingAsync(Inode inode) => default; // (8): what was acknowledged is converted

    /// <inheritdoc/>
    public void WriteBackSubmitted(PageWrite write)
    {
    }

    /// <inheritdoc/>
    public void WriteBackDone(PageWrite write) => _io.WriteBackCompletions.Enqueue(write);

    /// <summary>
    /// Whether the write needs the lock alone, as things stand: to pad, to find the end, or because it begins behind the end.
    /// </summary>
    private bool MustBeAlone(DirectWrite write) =>
        write.IsAppend || write.OffsetBytes > write.Inode.SizeBytes
        || BlockPadding.IsNeeded(_io, write.Inode, write.OffsetBytes, write.LengthBytes, StatesUnder(write));

    /// <summary>Holds the lock exclusively with nothing in flight; an append goes to the end that is the end then.</summary>
    private async ValueTask BeAloneAsync(DirectWrite write)
    {
        if (write.Lock == InodeLockHold.Shared)
        {
            InodeLocking.Unlock(write);
            await InodeLocking.LockAsync(write, InodeLockHold.Exclusive);
        }

        await InodeLocking.WaitForDirectAsync(write);
        if (write.IsAppend)
            write.MoveTo(write.Inode.SizeBytes);
    }

    /// <summary>Decides what the write is, as things stand under the lock.</summary>
    private void Judge(DirectWrite write)
    {
        RangeStates states = StatesUnder(write);
        write.IsUnaligned = BlockPadding.IsNeeded(_io, write.Inode, write.OffsetBytes, write.LengthBytes, states);
        write.IsExtending = SizeExtension.IsNeeded(write);
        write.MustWait = !write.IsAsynchronous || write.IsUnaligned; // (2)
        bool wouldWait = write.IsUnaligned || !states.IsWritten || (write.Lock == InodeLockHold.Exclusive && !write.IsAppend);
        if (write.IsNoWait && wouldWait)
            throw InodeLocking.WouldWait(write.Inode, "it would allocate, convert or pad, or begins behind the end"); // (10)
    }

    private RangeStates StatesUnder(DirectWrite write) => RangeStates.Under(_io, write.Inode, write.OffsetBytes, write.EndBytes);

    private bool Has(XfsStyleSwitches switches) => (_switches & switches) != 0;
}
