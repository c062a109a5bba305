using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;
using static ExtShell.Engine.IO.Protocols.Ext4Dax2014Switches;

namespace ExtShell.Engine.IO.Protocols;

/// <summary>
/// The DAX path of ext4 as it came in 2014: no page cache, partial writes. What it is and promises is said by <see cref="Own"/>, cited by
/// number. Faults of mappings, which share its allocation, are <see cref="MemoryFaults"/>.
/// </summary>
public sealed class Ext4Dax2014 : IWriteProtocol
{
    private readonly ProtocolParts _parts;
    private readonly IoContext _io;
    private readonly Ext4Dax2014Switches _switches;

    internal Ext4Dax2014(ProtocolParts parts, Ext4Dax2014Switches switches) => (_parts, _io, _switches) = (parts, parts.Io, switches);

    /// <summary>What the product prints of it.</summary>
    public static ProtocolDescription Own { get; } = new()
    {
        Name = "Ext4Dax2014",
        Summary =
            "ext4's DAX path of 2014: reads and writes copy straight to the device's memory, mappings reach it, writes may be partial.",
        DataPath = DataPath.Memory,
        History = """
            DAX replaced XIP in 2014: on persistent memory the page cache would hold a second copy of what is memory already. The generic
            write path fell back to the page cache for what a direct write had left, as it does for disks; on DAX that leaves bytes in a
            page that neither reads nor mappings look at. The rule of the review: who can allocate directly never falls back; the short
            count or the error is returned. XFS had asserted that direct writes are whole or fail, so partial counts had to be handled.
            """,
        Invariants =
        [
            "Writes of all kinds hold the inode lock exclusively, reads hold it shared; both are counted in flight, though no bio is.",
            "Data is stored around the processor's cache, and durable with the next flush of the device: that of a commit, or of a sync.",
            "Inside the size of a file with extents a hole is allocated unwritten, and converted before the write returns.",
            "Past the size, and in a file without extents, blocks are written from their allocation on: "
                + "they are made zero under the handle that allocates them.",
            "The inode of an extending write is on the orphan list until a transaction has both sizes.",
            "Who allocates, or moves the end of the file, holds the invalidation lock exclusively, "
                + "so that no fault makes zero what a write has filled, nor a write what was stored.",
            "What is cached over the range, zero pages of holes, is removed before the data is stored and again when the blocks are "
                + "reachable.",
            "Where the volume is full midway the write is short; it fails only if nothing was written. It never falls back.",
            "What was stored past the end through a mapping becomes zero before the file grows over it.",
            "fsync flushes the lines that were stored to through mappings before it chooses its transaction; the next store faults again.",
            "A failed extending write leaves no blocks past the in-memory size, and the inode off the orphan list.",
        ],
        Windows =
        [
            "Stores through mappings reach the medium line by line, in any order, until they are synced.",
            "A cut leaves any part of a write that was not acknowledged, line by line.",
            "A load through a mapping takes no lock: it may see a write in progress in parts.",
            "Blocks past the size that fallocate with KEEP_SIZE had reserved are freed by recovery after a cut during an extending write, "
                + "and by a failed one.",
        ],
        Locks = "Inode lock exclusive for writes, shared for reads. Invalidation lock exclusive for writes and faults that allocate and "
            + "for what moves the end, shared for other faults.",
        Order =
            "Orphan list, map, data, conversion, both sizes and off the orphan list, page cache, in-flight count, sync, acknowledgement.",
        Allocation =
            "Holes inside the size unwritten; past the size, and on indirect maps, written and made zero in the allocating transaction.",
        Sizes = "Both raised by the writer up to what was written, in the last transaction.",
        Acknowledgement = "By the writer: asynchronous writes are complete when their submission returns.",
        InFlightCount = "Drops after conversion and sizes; truncate and punch wait for it.",
        Fallback = "None: a short count or an error.",
        Guarantees = "Acknowledged O_SYNC and O_DSYNC writes, and what msync and fsync covered, survive with size and mapping; "
            + "no stale content at any cut.",
        Switches =
        [
            new("BufferedFallback", (int)BufferedFallback, "where the volume is full midway, the rest goes through the page cache",
                "as posted; the review of 2014", "D14"),
            new("FillHolesWritten", (int)FillHolesWritten, "a hole inside the size is allocated written, and not made zero before",
                "the design of unwritten extents", "D3"),
            new("NoOrphan", (int)NoOrphan, "an extending write does not put its inode on the orphan list", "the review of 2009", "D10"),
        ],
        AsPosted = ["BufferedFallback"],
        StatedDefects = ["D2 with barriers ignored", "D19 without a journal"],
    };

    /// <inheritdoc/>
    public ProtocolDescription Description => Own;

    /// <inheritdoc/>
    public async ValueTask AdmitAsync(DirectWrite write)
    {
        await InodeLocking.LockAsync(write, InodeLockHold.Exclusive); // (1)
        bool isAdmitted = false;
        try
        {
            write.MustWait = true;
            bool allocates = Judge(write);
            if (write.IsNoWait && (allocates || write.IsExtending))
                throw InodeLocking.WouldWait(write.Inode, "it would allocate or extend");
            if (allocates || write.IsExtending)
            {
                await write.Inode.InvalidationLock.LockExclusiveAsync(); // (6)
                write.HoldsInvalidationLock = true;
            }

            await PrepareAsync(write);
            isAdmitted = true;
        }
        finally
        {
            if (!isAdmitted)
                Unlock(write);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<WriteMapping> MapAsync(DirectWrite write, uint logicalBlock, int lengthBlocks)
    {
        bool isPastSize = (long)logicalBlock << _io.BlockSizeBits >= write.Inode.SizeBytes;
        try
        {
            if (!isPastSize && Has(FillHolesWritten))
                return await BlockAllocation.MapAsync(_io, write.Inode, logicalBlock, lengthBlocks, MappingState.Written);
            return isPastSize || !write.Inode.HasExtents
                ? await ZeroedAllocation.MapAsync(_io, write.Inode, logicalBlock, lengthBlocks, write.Call) // (4)
                : await BlockAllocation.MapAsync(_io, write.Inode, logicalBlock, lengthBlocks, MappingState.Unwritten); // (3)
        }
        catch (FileSystemException full) when (full.Errno == Errno.ENOSPC && Has(BufferedFallback))
        {
            return WriteMapping.Buffered;
        }
        catch (FileSystemException full) when (full.Errno == Errno.ENOSPC && write.TransferredBytes > 0)
        {
            return WriteMapping.Short; // (8)
        }
    }

    /// <inheritdoc/>
    public bool MayUseFua(DirectWrite write, in WriteMapping mapping) => false; // (2)

    /// <inheritdoc/>
    public void IoDone(DirectWrite write) => throw new InvariantException("the submitter of a memory copy finishes it");

    /// <inheritdoc/>
    public async ValueTask FinishAsync(DirectWrite write)
    {
        if (write.Error != Errno.None)
            return;
        if (write.NeedsConversion)
            await UnwrittenConversion.ConvertAsync(_io, write.Inode, write.OffsetBytes, write.TransferredBytes); // (3)
        if (write.TransferredBytes > 0 && SizeExtension.IsNeeded(write))
            await SizeExtension.RaiseBothAsync(_io, write); // (5)
        if (write.TransferredBytes > 0)
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
            if (write.HasBufferedRest && write.Error == Errno.None)
                await WriteRestAsync(write);
            if (write.IsExtending)
                await FailedExtension.CleanAsync(_io, write); // (11)
        }
        finally
        {
            Unlock(write);
        }

        if (write.HasBufferedRest && write.Sync != SyncKind.None && write.Error == Errno.None)
            await _parts.FileSync.SyncBufferedAsync(write.Inode, write.OffsetBytes, write.WrittenBytes, write.Sync == SyncKind.DataSync);
    }

    /// <inheritdoc/>
    public async ValueTask TruncatingAsync(Inode inode, long newSizeBytes) => await inode.WaitForDirectAsync();

    /// <inheritdoc/>
    public async ValueTask PunchingAsync(Inode inode, long offsetBytes, long lengthBytes) => await inode.WaitForDirectAsync();

    /// <inheritdoc/>
    public ValueTask<bool> ReadingAsync(Inode inode) => new(true); // (1)

    /// <inheritdoc/>
    public ValueTask SyncingAsync(Inode inode) => default; // (3), (10): nothing is acknowledged that is not reachable

    /// <inheritdoc/>
    public void WriteBackSubmitted(PageWrite write)
    {
    }

    /// <inheritdoc/>
    public void WriteBackDone(PageWrite write) => _io.WriteBackCompletions.Enqueue(write);

    private static void Unlock(DirectWrite write)
    {
        if (write.HoldsInvalidationLock)
            write.Inode.InvalidationLock.UnlockExclusive();
        write.HoldsInvalidationLock = false;
        InodeLocking.Unlock(write);
    }

    /// <summary>Decides what the write is, as things stand under the lock.</summary>
    /// <returns>Whether blocks under it are to be allocated or converted.</returns>
    private bool Judge(DirectWrite write)
    {
        if (write.IsAppend)
            write.MoveTo(write.Inode.SizeBytes);
        RequestChecks.Write(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
        write.IsExtending = SizeExtension.IsNeeded(write);
        return !RangeStates.Under(_io, write.Inode, write.OffsetBytes, write.EndBytes).IsWritten;
    }

    /// <summary>
    /// What an admitted write does before it maps: drops privileges, sets the times, and protects what lies past the size.
    /// </summary>
    private async ValueTask PrepareAsync(DirectWrite write)
    {
        await Privileges.UpdateAsync(_io, write);
        if (!write.IsExtending)
            return;
        MemoryTail.Zero(_io, write.Inode, write.OffsetBytes); // (9)
        if (!Has(NoOrphan))
            await OrphanProtection.AddAsync(_io, write); // (5)
    }

    /// <summary>
    /// The defect of the first posting: the rest goes into pages, which stay dirty. Where the volume is still full, the write is short.
    /// </summary>
    private async ValueTask WriteRestAsync(DirectWrite write)
    {
        try
        {
            long offset = write.OffsetBytes + write.TransferredBytes;
            ReadOnlyMemory<byte> rest = write.Bytes[write.TransferredBytes..];
            write.WrittenBytes += await _parts.Buffered.WriteLockedAsync(write.Inode, offset, rest, write.Call);
        }
        catch (FileSystemException failed)
        {
            if (write.TransferredBytes == 0)
                write.Fail(failed.Errno);
        }
    }

    private bool Has(Ext4Dax2014Switches switches) => (_switches & switches) != 0;
}
