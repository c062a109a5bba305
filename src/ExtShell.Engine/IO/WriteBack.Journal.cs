using ExtShell.Engine.Allocation;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <content>
/// Write-back with data=journal: a page's dirty blocks become changed metadata of a transaction, together with their mapping and the size.
/// </content>
/// <remarks>
/// (J1) A buffered write does this before it returns, so that nothing is dirty after it but what was stored through a mapping.
/// (J2) From then on the block's content is the journal's: it goes home by a checkpoint, and a page that is read anew is filled from the
/// buffer cache, which may be newer than the device.
/// (J3) Holes are allocated written, and unwritten blocks converted, in the transaction that has their content: there is no moment at which
/// a cut shows what a block held before.
/// </remarks>
public sealed partial class WriteBack
{
    private const int MostJournalledBlocks = 64;

    private async ValueTask<long> JournalAsync(Inode inode, DirtyRange range)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await JournalOnceAsync(inode, range);
            }
            catch (FileSystemException full) when (SpaceRetry.MayHelp(_io, full, attempt))
            {
                await SpaceRetry.CommitAsync(_io);
            }
        }
    }

    /// <summary>Journals the beginning of a dirty range: as much as one run of blocks takes.</summary>
    /// <returns>Where to go on; the range's own begin if it must be looked at again.</returns>
    private async ValueTask<long> JournalOnceAsync(Inode inode, DirtyRange range)
    {
        int credits = Math.Max(inode.Map.CreditsToMap(1), inode.Map.CreditsToConvert(1)) + Inode.CreditsToStoreSize;
        int most = Math.Clamp((_io.Journal.MaxCredits - credits) / 2, 1, MostJournalledBlocks);
        int lengthBlocks = (int)Math.Min(range.LengthBytes >> _io.BlockSizeBits, most);
        Handle handle = await _io.Journal.StartAsync(credits + lengthBlocks, "journal data");
        try
        {
            await inode.MappingLock.LockExclusiveAsync();
            try
            {
                if (!IsStillDirty(inode, range.OffsetBytes, lengthBlocks, out int dirtyBlocks))
                    return dirtyBlocks < 0 ? range.OffsetBytes : range.OffsetBytes + _io.BlockSizeBytes;
                BlockMapping run = MapWritten(handle, inode, (uint)(range.OffsetBytes >> _io.BlockSizeBits), dirtyBlocks);
                CopyToJournal(handle, inode, run);
                long end = run.EndLogicalBlock << _io.BlockSizeBits;
                inode.DiskSizeBytes = Math.Max(inode.DiskSizeBytes, Math.Min(end, inode.SizeBytes));
                inode.MarkDirty(handle);
                inode.NoteTransaction(handle, isDataIntegrity: true);
                return end;
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

    private static BlockMapping MapWritten(Handle handle, Inode inode, uint block, int lengthBlocks)
    {
        BlockMapping run = inode.Map.Lookup(block, lengthBlocks);
        if (run.State == MappingState.Unwritten)
            return inode.Map.ConvertToWritten(handle, block, run.LengthBlocks); // (J3)
        if (run.State == MappingState.Written)
            return run;
        run = inode.Map.Allocate(handle, block, run.LengthBlocks, MappingState.Written, AllocationUse.Reserved | AllocationUse.Privileged);
        inode.ReservedBlocks -= run.LengthBlocks; // (5)
        return run;
    }

    private void CopyToJournal(Handle handle, Inode inode, in BlockMapping run)
    {
        for (int i = 0; i < run.LengthBlocks; i++)
        {
            long offset = (run.LogicalBlock + (long)i) << _io.BlockSizeBits;
            Buffer buffer = _io.Volume.Buffers.GetNew(run.PhysicalBlock + i);
            inode.Pages.BeginWriteback(offset, handle.GetCreateAccess(buffer));
            handle.Dirty(buffer);
            inode.Pages.EndWriteback(offset, _io.BlockSizeBytes, Errno.None); // (J2)
        }
    }
}
