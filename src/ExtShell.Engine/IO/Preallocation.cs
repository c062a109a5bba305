using ExtShell.Engine.Allocation;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>fallocate: allocates the holes of a range unwritten.</summary>
/// <remarks>
/// (1) In transactions of bounded size. Each raises the sizes to what it has reached, so that blocks past the size never commit without
/// KEEP_SIZE.
/// (2) Where the volume becomes full it stops with ENOSPC; what was allocated stays, and the size is raised to it, as on Linux.
/// (3) Blocks that write-back had reserved are allocated now; their reservation is given back.
/// </remarks>
public sealed class Preallocation
{
    private readonly IoContext _io;

    internal Preallocation(IoContext io) => _io = io;

    /// <summary>Allocates.</summary>
    /// <exception cref="FileSystemException">
    /// EINVAL: the length is not positive; EOPNOTSUPP: the file's map knows no unwritten blocks; ENOSPC.
    /// </exception>
    public async ValueTask AllocateAsync(Inode inode, long offsetBytes, long lengthBytes, bool keepSize)
    {
        if (offsetBytes < 0 || lengthBytes <= 0)
            throw new FileSystemException(Errno.EINVAL, $"fallocate of inode {inode.Number}",
                "the length must be positive, and the offset not negative");
        if (!inode.HasExtents)
            throw new FileSystemException(Errno.EOPNOTSUPP, $"fallocate of inode {inode.Number}",
                "it is mapped by blocks, and those have no unwritten state");
        await inode.Lock.LockExclusiveAsync();
        try
        {
            RequestChecks.Write(_io, inode, offsetBytes, lengthBytes);
            long end = offsetBytes + lengthBytes;
            long? newSize = !keepSize && (end > inode.SizeBytes || end > inode.DiskSizeBytes) ? end : null;
            await _io.Protocol.TruncatingAsync(inode, newSize ?? inode.SizeBytes);
            await AllocateRangeAsync(inode, offsetBytes >> _io.BlockSizeBits, (end + _io.BlockSizeBytes - 1) >> _io.BlockSizeBits, newSize);
        }
        finally
        {
            Reservations.Settle(_io.Volume, inode); // (3)
            inode.Lock.UnlockExclusive();
        }
    }

    private async ValueTask AllocateRangeAsync(Inode inode, long block, long endBlock, long? newSizeBytes)
    {
        int attempt = 0;
        while (block < endBlock)
        {
            int length = (int)Math.Min(endBlock - block, BlockAllocation.LargestRunBlocks);
            try
            {
                block = await AllocateRunAsync(inode, (uint)block, length, newSizeBytes);
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
    private async ValueTask<long> AllocateRunAsync(Inode inode, uint block, int lengthBlocks, long? newSizeBytes)
    {
        Handle handle = await _io.Journal.StartAsync(inode.Map.CreditsToMap(lengthBlocks), "preallocate"); // (1)
        try
        {
            await inode.MappingLock.LockExclusiveAsync();
            try
            {
                BlockMapping run = inode.Map.Lookup(block, lengthBlocks);
                if (run.State == MappingState.Hole)
                    run = inode.Map.Allocate(handle, block, run.LengthBlocks, MappingState.Unwritten, AllocationUse.Privileged);
                inode.ChangeTime = inode.Now();
                if (newSizeBytes is { } newSize)
                    RaiseSizes(inode, Math.Min(newSize, run.EndLogicalBlock << _io.BlockSizeBits));
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
