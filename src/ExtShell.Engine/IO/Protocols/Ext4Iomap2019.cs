using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using static ExtShell.Engine.IO.Protocols.Ext4Iomap2019Switches;

namespace ExtShell.Engine.IO.Protocols;

/// <summary>
/// The iomap write path of ext4 as it was first posted, in 2019; what it is and promises is said by <see cref="Own"/>, cited by number.
/// </summary>
public sealed class Ext4Iomap2019 : IWriteProtocol
{
    private readonly ProtocolParts _parts;
    private readonly IoContext _io;
    private readonly Ext4Iomap2019Switches _switches;

    internal Ext4Iomap2019(ProtocolParts parts, Ext4Iomap2019Switches switches) => (_parts, _io, _switches) = (parts, parts.Io, switches);

    /// <summary>What the product prints of it.</summary>
    public static ProtocolDescription Own { get; } = new()
    {
        Name = "Ext4Iomap2019",
        Summary = "ext4's first iomap write path, as posted in 2019: sizes in end-of-I/O, "
            + "and what cannot be written directly goes through the page cache.",
        History = """
            In 2019 direct I/O of ext4 was moved from its own code to iomap's. The second version of the series takes the inode lock first,
            checks under it, downgrades it for overwrites, and raises both sizes in end-of-I/O. The review, and the years after, found that
            errors of the checks were told as 0 bytes, that an append was judged by the offset it had before the checks, that counts were
            lost in the fallback, that NOWAIT waited, that unaligned writes met in one block (57a0da28ced8, 372a03e01853), and that a failed
            extension left its blocks and its orphan.
            """,
        Invariants =
        [
            "Admission has one order: inode lock exclusively; files that cannot be written directly go; place of an append; refusals; "
                + "NOWAIT; privileges and times; waiting for those in flight; downgrade; extension.",
            "A write is judged by the place where it goes: an append by the size under the lock.",
            "A refused write has changed nothing; an error of privileges or times is the write's error.",
            "The lock is downgraded for overwrites only: every block written, inside both sizes, and not an unaligned asynchronous write. "
                + "(As posted, an overwrite past the disk size shared it too.)",
            "An unaligned asynchronous write, and any write that pads a block, is alone in it: it waited for those in flight, "
                + "and is waited for itself under the exclusive lock. (As posted, synchronous ones did not wait.)",
            "An extending write is waited for under the exclusive lock.",
            "Inside the in-memory size a hole of an extent-mapped file is allocated unwritten, "
                + "and converted when its data is on the device. A block map has no such state: its holes go through the page cache.",
            "Blocks at or past the in-memory size are allocated written, "
                + "with the inode on the orphan list from before that until a transaction has both sizes.",
            "Conversion, both sizes, then the page cache, in end-of-I/O: before the sync of O_SYNC and O_DSYNC, "
                + "and before the acknowledgement.",
            "A failed extending write leaves no blocks past the in-memory size, and the inode off the orphan list.",
            "The buffered part follows when the lock is given back, except of an append, whose place nobody may take. "
                + "It never takes away from the count of the direct part.",
            "A write that must not wait fails with EAGAIN where it would wait for the lock, allocate, extend or pad; "
                + "behind what it wrote directly it stops, with a short count. It never goes through the page cache: EOPNOTSUPP.",
            "On a volume that was shut down a write fails with EIO.",
        ],
        Windows =
        [
            "Blocks past the size that fallocate with KEEP_SIZE had reserved are freed by recovery after a cut during an extending write, "
                + "and by a failed one.",
            "A cut leaves any part of a write that was not acknowledged.",
            "Between the direct part and the buffered part of one write other writers may come; only an append keeps them out.",
            "An extending write stores the in-memory size before its data: "
                + "a cut may show that size over buffered data that was never written back, as zeroes.",
            "A buffered write that runs while a direct write into the same page is in flight takes all of the page with it when it is "
                + "written back, as on Linux.",
        ],
        Locks = "Inode lock exclusive at first, downgraded to shared for overwrites (with dioread_nolock). "
            + "Dropped at submission by asynchronous writes that neither extend nor are unaligned.",
        Order = "Disk size := in-memory size, orphan list, map, data, conversion, both sizes and off the orphan list, page cache, "
            + "in-flight count, sync, lock, buffered rest, acknowledgement.",
        Allocation = "Holes inside the size unwritten, past the size written under the orphan list's protection; "
            + "holes of block maps through the page cache.",
        Sizes = "Both raised by the submitter in end-of-I/O, in one transaction, under the exclusive lock.",
        Acknowledgement = "By the submitter when the write was waited for; else by the completion worker after conversion and sync, "
            + "or at once by the interrupt where nothing is left to do.",
        InFlightCount = "Drops after conversion and sizes; truncate, punch and padding writes wait for it.",
        Fallback = "Files whose data is journalled, and from the first hole inside the size of a block map on: buffered after unlock, "
            + "written back and dropped from the page cache.",
        Guarantees =
            "Acknowledged O_SYNC and O_DSYNC writes survive with size and mapping; no stale content at any cut; a new size shows its data.",
        Switches =
        [
            new("PrivilegeErrorIsZero", (int)PrivilegeErrorIsZero,
                "an error of stripping privileges or updating times comes back as 0 bytes and no error", "the series as posted", "D15"),
            new("PrivilegesBeforeImmutable", (int)PrivilegesBeforeImmutable,
                "privileges are stripped and times updated before EPERM is found", "the series as posted", "D24"),
            new("OffsetBeforeChecks", (int)OffsetBeforeChecks,
                "an append is judged by the offset that it had before the checks: shared lock, no wait", "the series as posted", "D23"),
            new("FallbackLosesCount", (int)FallbackLosesCount, "the direct part's count is lost when the buffered part fails",
                "the series as posted", "D24"),
            new("NowaitAllocates", (int)NowaitAllocates, "an allocating NOWAIT write waits and writes instead of EAGAIN",
                "the series as posted", "D24"),
            new("UnalignedNotSerialised", (int)UnalignedNotSerialised,
                "unaligned writes neither wait for those in flight nor are waited for", "57a0da28ced8, 372a03e01853", "D16"),
            new("FailedExtensionStays", (int)FailedExtensionStays,
                "blocks of a failed extension stay, and its inode stays on the orphan list", "the series as posted", "D18"),
            new("FillHolesWritten", (int)FillHolesWritten, "a hole inside the size is allocated written", "the design of unwritten extents",
                "D3"),
            new("NoOrphan", (int)NoOrphan, "an extending write does not put its inode on the orphan list", "the review of 2009", "D10"),
        ],
        AsPosted =
        [
            "PrivilegeErrorIsZero", "PrivilegesBeforeImmutable", "OffsetBeforeChecks", "FallbackLosesCount", "NowaitAllocates",
            "UnalignedNotSerialised", "FailedExtensionStays",
        ],
        StatedDefects = ["D2 with barriers ignored", "D19 without a journal"],
    };

    /// <inheritdoc/>
    public ProtocolDescription Description => Own;

    /// <inheritdoc/>
    public async ValueTask AdmitAsync(DirectWrite write) // (1)
    {
        long offsetBeforeChecks = write.OffsetBytes;
        await InodeLocking.LockAsync(write, InodeLockHold.Exclusive);
        bool isAdmitted = false;
        try
        {
            RequestChecks.RequireRunning(_io, write.Inode); // (13)
            bool isDirect = (write.Inode.Flags & InodeFlags.JournalData) == 0;
            if (isDirect)
                await CheckAsync(write, offsetBeforeChecks);
            else
                write.SkipsTransfer = write.HasBufferedRest = true;
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
        Inode inode = write.Inode;
        BlockMapping found = inode.Map.Lookup(logicalBlock, Math.Min(lengthBlocks, BlockAllocation.LargestRunBlocks));
        if (found.State == MappingState.Written)
            return new WriteMapping(found, false);
        if (write.IsNoWait && !Has(NowaitAllocates))
            return WriteMapping.Buffered; // (12)

        long sizeBlocks = (inode.SizeBytes + _io.BlockSizeBytes - 1) >> _io.BlockSizeBits;
        bool isPastSize = logicalBlock >= sizeBlocks;
        if (isPastSize)
        {
            if (!write.IsOnOrphanList && !Has(NoOrphan))
                await OrphanProtection.AddAsync(_io, write); // (8)
            return await BlockAllocation.MapAsync(_io, inode, logicalBlock, lengthBlocks, MappingState.Written);
        }

        if (!inode.HasExtents && !Has(FillHolesWritten))
            return WriteMapping.Buffered; // (7)
        MappingState fillHoleAs = Has(FillHolesWritten) ? MappingState.Written : MappingState.Unwritten; // (7)
        int insideBlocks = (int)Math.Min(lengthBlocks, sizeBlocks - logicalBlock);
        return await BlockAllocation.MapAsync(_io, inode, logicalBlock, insideBlocks, fillHoleAs);
    }

    /// <inheritdoc/>
    public bool MayUseFua(DirectWrite write, in WriteMapping mapping) => ForcedWrites.MayReplaceSync(_io, write, mapping);

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
    public async ValueTask FinishAsync(DirectWrite write) // (9)
    {
        if (write.Error != Errno.None)
            return;
        if (write.NeedsConversion)
            await UnwrittenConversion.ConvertAsync(_io, write.Inode, write.OffsetBytes, write.TransferredBytes);
        if (SizeExtension.IsNeeded(write))
        {
            bool areSizesStill = write.Lock == InodeLockHold.Exclusive; // else it was judged by another offset
            await (areSizesStill ? SizeExtension.RaiseBothAsync(_io, write) : SizeExtension.RaiseBothUnlockedAsync(_io, write));
        }

        await _parts.Coherence.DropAsync(write.Inode, write.OffsetBytes, write.TransferredBytes);
    }

    /// <inheritdoc/>
    public ValueTask SyncAsync(DirectWrite write) =>
        _parts.FileSync.SyncDirectAsync(write.Inode, write.OffsetBytes, write.LengthBytes, isDataOnly: write.Sync == SyncKind.DataSync);

    /// <inheritdoc/>
    public async ValueTask ReturnedAsync(DirectWrite write)
    {
        try
        {
            if (write.IsExtending && !Has(FailedExtensionStays))
                await FailedExtension.CleanAsync(_io, write); // (10)
            if (HasRest(write) && write.IsAppend)
                await BufferedRest.WriteAsync(_parts, write, Has(FallbackLosesCount)); // (11)
        }
        finally
        {
            InodeLocking.Unlock(write);
        }

        if (HasRest(write) && !write.IsAppend)
            await BufferedRest.WriteAsync(_parts, write, Has(FallbackLosesCount)); // (11)
    }

    /// <inheritdoc/>
    public async ValueTask TruncatingAsync(Inode inode, long newSizeBytes) => await inode.WaitForDirectAsync();

    /// <inheritdoc/>
    public async ValueTask PunchingAsync(Inode inode, long offsetBytes, long lengthBytes) => await inode.WaitForDirectAsync();

    /// <inheritdoc/>
    public ValueTask<bool> ReadingAsync(Inode inode) => new(true);

    /// <inheritdoc/>
    public ValueTask SyncingAsync(Inode inode) => default; // (9): what was acknowledged is converted

    /// <inheritdoc/>
    public void WriteBackSubmitted(PageWrite write)
    {
    }

    /// <inheritdoc/>
    public void WriteBackDone(PageWrite write) => _io.WriteBackCompletions.Enqueue(write);

    /// <summary>The checks of a direct write, and what follows from them. The inode lock is held exclusively.</summary>
    private async ValueTask CheckAsync(DirectWrite write, long offsetBeforeChecks)
    {
        if (write.IsAppend)
            write.MoveTo(write.Inode.SizeBytes);
        RequestChecks.Align(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
        if (Has(PrivilegesBeforeImmutable) && !await ChangePrivilegesAndTimesAsync(write))
            return;
        RequestChecks.Write(_io, write.Inode, write.OffsetBytes, write.LengthBytes); // (3)
        bool sharesLock = Judge(write, Has(OffsetBeforeChecks) ? offsetBeforeChecks : write.OffsetBytes); // (2)
        if (!Has(PrivilegesBeforeImmutable) && !await ChangePrivilegesAndTimesAsync(write))
            return;
        if (write.IsUnaligned)
            await InodeLocking.WaitForDirectAsync(write); // (5)
        if (sharesLock)
            InodeLocking.Downgrade(write); // (4)
        if (write.IsExtending)
            await SizeExtension.StoreDiskSizeAsync(_io, write.Inode);
    }

    /// <summary>Decides what a write at that place is.</summary>
    /// <returns>Whether it may share the lock.</returns>
    /// <exception cref="FileSystemException">EAGAIN: it must not wait, and would.</exception>
    private bool Judge(DirectWrite write, long offsetBytes)
    {
        Inode inode = write.Inode;
        RangeStates states = RangeStates.Under(_io, inode, offsetBytes, offsetBytes + write.LengthBytes);
        bool isAlone = BlockPadding.IsNeeded(_io, inode, offsetBytes, write.LengthBytes, states)
            || (write.IsAsynchronous && inode.HasExtents && BlockPadding.IsUnaligned(_io, offsetBytes, write.LengthBytes));
        write.IsUnaligned = isAlone && !Has(UnalignedNotSerialised);
        write.IsExtending = SizeExtension.IsBeyond(inode, offsetBytes + write.LengthBytes);
        write.MustWait = !write.IsAsynchronous || write.IsUnaligned || write.IsExtending; // (5), (6)
        if (write.IsNoWait && !Has(NowaitAllocates))
            RequireNoWait(write, states);
        return _io.DioReadNoLock && states.IsWritten && !write.IsExtending && !write.IsUnaligned;
    }

    /// <summary>
    /// Lets a write go on that must not wait: an overwrite; of a block map, which cannot be asked at once, one that begins as such.
    /// </summary>
    private void RequireNoWait(DirectWrite write, RangeStates states) // (12)
    {
        bool beginsWritten = write.Inode.Map.Lookup((uint)(write.OffsetBytes >> _io.BlockSizeBits), 1).State == MappingState.Written;
        bool overwrites = states.IsWritten || (!write.Inode.HasExtents && beginsWritten);
        if (write.IsExtending || write.IsUnaligned || !overwrites)
            throw InodeLocking.WouldWait(write.Inode, "it would allocate, extend or pad");
    }

    /// <summary>Takes privileges away and sets the times.</summary>
    /// <returns>Whether the write goes on: else it was answered with 0 bytes.</returns>
    private async ValueTask<bool> ChangePrivilegesAndTimesAsync(DirectWrite write)
    {
        try
        {
            await Privileges.UpdateAsync(_io, write);
            return true;
        }
        catch (FileSystemException) when (Has(PrivilegeErrorIsZero))
        {
            write.SkipsTransfer = true;
            return false;
        }
    }

    private static bool HasRest(DirectWrite write) => write.HasBufferedRest && write.Error == Errno.None;

    private bool Has(Ext4Iomap2019Switches switches) => (_switches & switches) != 0;
}
