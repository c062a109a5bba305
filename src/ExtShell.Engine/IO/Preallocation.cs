using ExtShell.Engine.Allocation;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>
/// fallocate: allocates the holes of a range unwritten. The caller holds the inode lock exclusively, and has waited for direct I/O.
/// </summary>
/// <remarks>
/// (1) In transactions of bounded size. Each raises the sizes to what it has reached, so that blocks past the size never commit without
/// KEEP_SIZE.
/// (2) Where the volume becomes full it stops with ENOSPC; what was allocated stays, and the size is raised to it, as on Linux.
/// (3) Blocks that write-back had reserved are allocated now; the caller gives their reservation back.
/// </remarks>
public sealed class Preallocation
{
    private readonly IoContext _io;

    internal Preallocation(IoContext io) => _io = io;

    /// <summary>
    /// Allocates the holes under the range, and makes unwritten what is written in the blocks from <paramref name="unwriteFrom"/> to
    /// <paramref name="unwriteTo"/>.
    /// </summary>
    /// <param name="inode">The file; it has extents.</param>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="endBytes">The byte behind it.</param>
    /// <param name="newSizeBytes">The size to which the sizes are raised, as far as blocks have been allocated; null to leave them.</param>
    /// <param name="unwriteFrom">The first block of the file that must not stay written.</param>
    /// <param name="unwriteTo">The block behind the last of them.</param>
    /// <exception cref="FileSystemException">ENOSPC.</exception>
    public async ValueTask AllocateAsync(
        Inode inode, long offsetBytes, long endBytes, long? newSizeBytes, long unwriteFrom = 0, long unwriteTo = 0)
    {
        long block = offsetBytes >> _io.BlockSizeBits;
        long endBlock = (endBytes + _io.BlockSizeBytes - 1) >> _io.BlockSizeBits;
        int attempt = 0;
        while (block < endBlock)
        {
            long end = block < unwriteFrom ? Math.Min(endBlock, unwriteFrom) : block < unwriteTo ? Math.Min(endBlock, unwriteTo) : endBlock;
            int length = (int)Math.Min(end - block, BlockAllocation.LargestRunBlocks);
            bool unwrites = block >= unwriteFrom && block < unwriteTo;
            try
            {
                block = await AllocateRunAsync(inode, (uint)block, length, newSizeBytes, unwrites);
                attempt = 0;
            }
            catch (FileSystemException full) when (SpaceRetry.MayHelp(_io, full, attempt))
            {
                attempt++;
                await SpaceRetry.CommitAsync(_io);
            }
        }
    }

    /// <summary>Allocates or skips one run.</summary>
    /// <returns>The block behind it.</returns>
    private async ValueTask<long> AllocateRunAsync(Inode inode, uint block, int lengthBlocks, long? newSizeBytes, bool unwrites)
    {
        int credits = Math.Max(inode.Map.CreditsToMap(lengthBlocks), unwrites ? inode.Map.CreditsToConvert(lengthBlocks) : 0);
        Handle handle = await _io.Journal.StartAsync(credits + Inode.CreditsToStoreSize, "preallocate"); // (1)
        try
        {
            await inode.MappingLock.LockExclusiveAsync();
            try
            {
                BlockMapping run = inode.Map.Lookup(block, lengthBlocks);
                if (run.State == MappingState.Hole)
                    run = inode.Map.Allocate(handle, block, run.LengthBlocks, MappingState.Unwritten, AllocationUse.Privileged);
                else if (unwrites && run.State == MappingState.Written)
                    run = inode.Extents.ConvertToUnwritten(handle, block, lengthBlocks);
                inode.ChangeTime = inode.Now();
                if (newSizeBytes is { } newSize)
                    RaiseSizes(inode, Math.Min(newSize, run.EndLogicalBlock << _io.BlockSizeBits)); // (2)
                inode.MarkDirty(handle);
                inode.NoteTransaction(handle, isDataIntegrity: true);
                return run.EndLogicalBlock;
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

    private static void RaiseSizes(Inode inode, long sizeBytes)
    {
        if (sizeBytes > inode.SizeBytes)
        {
            inode.SizeBytes = sizeBytes;
            inode.ModifyTime = inode.ChangeTime;
        }

        inode.DiskSizeBytes = Math.Max(inode.DiskSizeBytes, sizeBytes);
    }
}
