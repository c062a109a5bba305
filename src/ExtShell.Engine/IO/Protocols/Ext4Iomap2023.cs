using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;
using static ExtShell.Engine.IO.Protocols.Ext4Iomap2023Switches;

namespace ExtShell.Engine.IO.Protocols;

/// <summary>
/// The iomap write path of ext4 as it is since 2023: the size must be in the journal before O_SYNC reports success. The default protocol.
/// </summary>
/// <remarks>
/// History. In 2019 ext4's direct I/O moved to iomap: block allocation in "begin", conversion and extension in the end-of-I/O callback.
/// Extension soon moved behind
/// iomap's return (569342dc2485), because it needs a handle under the inode lock; so the sync that iomap does for O_SYNC came before the
/// size was in the journal, and a cut
/// lost acknowledged appends. 2023 moved it back into end-of-I/O, which checks both sizes (91562895f803, 619f75dae2cf); extending writes
/// are waited for under the
/// exclusive lock. Overwrites share the lock, into unwritten blocks too; what is not block-aligned does so only into written ones.
///
/// Invariants.
/// (1) Who changes sizes, or allocates, holds the inode lock exclusively. It is shared only by aligned writes into allocated blocks and by
/// overwrites, inside both sizes.
/// (2) A write that pads a block with zeroes is alone in it: it holds the lock exclusively, waited for those in flight, and is waited for
/// itself.
/// (3) An extending write is waited for under the exclusive lock.
/// (4) Inside the in-memory size a hole is allocated unwritten, and converted when its data is on the device: neither a reader nor a cut
/// sees what the block held.
/// (5) At or past the in-memory size blocks are allocated written, and the inode is on the orphan list from before that until a transaction
/// has both sizes: recovery truncates
///     to the disk size.
/// (6) Both sizes are raised, and the conversion is journalled, before the sync of O_SYNC and O_DSYNC, and before the acknowledgement.
/// (7) The page cache over the range is dropped before the data goes out, and again after the conversion and before the acknowledgement.
/// (8) FUA stands in for the sync only of pure overwrites of which neither mapping nor size is dirty in memory.
/// (9) A failed extending write leaves no blocks past the in-memory size, and the inode off the orphan list.
/// (10) A conversion needs no new tree block: unwritten extents are split when they are mapped.
///
/// Windows (not defects: the promises exclude them). Blocks past the size that fallocate with KEEP_SIZE had reserved are freed by recovery
/// after a cut during an extending
/// write, and by (9). A cut leaves any part of a write that was not acknowledged. A buffered write that runs while a direct write into the
/// same page is in flight takes all of
/// the page with it when it is written back, as on Linux: callers that mix both on one page order them.
///
/// The switches, each an omission or another order: <see cref="Ext4Iomap2023Switches"/>.
/// </remarks>
public sealed class Ext4Iomap2023 : IWriteProtocol
{
    private readonly IoContext _io;
    private readonly PageCoherence _coherence;
    private readonly FileSync _fileSync;
    private readonly Ext4Iomap2023Switches _switches;

    internal Ext4Iomap2023(IoContext io, PageCoherence coherence, FileSync fileSync, Ext4Iomap2023Switches switches) =>
        (_io, _coherence, _fileSync, _switches) = (io, coherence, fileSync, switches);

    /// <inheritdoc/>
    public string Name => "Ext4Iomap2023";

    /// <inheritdoc/>
    public async ValueTask AdmitAsync(DirectWrite write)
    {
        RequestChecks.Align(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
        bool mayShare = _io.DioReadNoLock && write.EndBytes <= write.Inode.SizeBytes; // a guess; judged again under the lock
        await InodeLocking.LockAsync(write, mayShare ? InodeLockHold.Shared : InodeLockHold.Exclusive);
        bool isAdmitted = false;
        try
        {
            if (!Judge(write) && write.Lock == InodeLockHold.Shared)
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
        if (write.Sync != SyncKind.DataSync || mapping.IsNew)
            return false;
        if (Has(FuaSkipsSync))
            return true;
        bool isDirtyInMemory = !_io.Journal.IsCommitted(write.Inode.DataSyncTransaction);
        return mapping.Blocks.State == MappingState.Written && !write.IsExtending && !isDirtyInMemory; // (8)
    }

    /// <inheritdoc/>
    public CompletionPlace IoDone(DirectWrite write)
    {
        bool hasNothingThatWaits = !write.NeedsConversion && (write.Sync == SyncKind.None || write.IsAllFua)
            && write.Inode.Pages.Count == 0;
        return hasNothingThatWaits ? CompletionPlace.Interrupt : CompletionPlace.Worker;
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
        else if (SizeExtension.IsNeeded(write) && !Has(ExtendAfterSync))
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
            if (!write.IsExtending)
                return;
            if (write.Error == Errno.None && SizeExtension.IsNeeded(write)) // only where the extension is late
                await SizeExtension.RaiseBothAsync(_io, write);
            await FailedExtension.CleanAsync(_io, write); // (9)
        }
        finally
        {
            InodeLocking.Unlock(write);
        }
    }

    /// <inheritdoc/>
    public async ValueTask TruncatingAsync(Inode inode, long newSizeBytes) => await inode.WaitForDirectAsync();

    /// <summary>Decides what the write is, as things stand under the lock.</summary>
    /// <returns>Whether it may share the lock.</returns>
    private bool Judge(DirectWrite write)
    {
        RequestChecks.Write(_io, write.Inode, write.OffsetBytes, write.LengthBytes);
        int mask = _io.BlockSizeBytes - 1;
        write.IsUnaligned = ((write.OffsetBytes | (uint)write.LengthBytes) & mask) != 0;
        write.IsExtending = SizeExtension.IsNeeded(write);
        if (write.IsExtending)
        {
            write.MustWait = true; // (3)
            return false;
        }

        RangeStates states = RangeStates.Of(write.Inode, (uint)(write.OffsetBytes >> _io.BlockSizeBits),
            (write.EndBytes + mask) >> _io.BlockSizeBits);
        bool padsTail = (write.EndBytes & mask) != 0 && write.EndBytes >= write.Inode.SizeBytes;
        if (write.IsUnaligned && (!states.IsWritten || padsTail))
        {
            write.MustWait = true; // (2)
            return false;
        }

        write.MustWait = !write.IsAsynchronous;
        return !states.HasHole; // (1)
    }

    /// <summary>
    /// What an admitted write does before it maps: waits where it pads, sets the times, and protects its blocks past the size.
    /// </summary>
    private async ValueTask PrepareAsync(DirectWrite write)
    {
        if (write.Lock == InodeLockHold.Exclusive && write.IsUnaligned && write.MustWait)
            await write.Inode.WaitForDirectAsync(); // (2)
        await Timestamps.UpdateAsync(_io, write.Inode);
        if (write.IsExtending && !Has(NoOrphan))
            await OrphanProtection.AddAsync(_io, write); // (5)
    }

    private bool Has(Ext4Iomap2023Switches switches) => (_switches & switches) != 0;
}
