using ExtShell.Engine.Allocation;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// Mapping blocks that are written from their allocation on: in the device's memory they are made zero before anyone can see them.
/// </summary>
/// <remarks>
/// (1) Under the handle that allocates: its commit's flush is the fence of the zeroes, so no cut shows what the blocks held.
/// (2) A full volume is committed, and tried again, before ENOSPC is reported.
/// </remarks>
internal static class ZeroedAllocation
{
    private const int LargestRunBlocks = 256;

    /// <summary>Maps a run; what was unwritten before stays so.</summary>
    /// <exception cref="FileSystemException">ENOSPC.</exception>
    public static async ValueTask<WriteMapping> MapAsync(IoContext io, Inode inode, uint logicalBlock, int lengthBlocks, int call)
    {
        lengthBlocks = Math.Min(lengthBlocks, LargestRunBlocks);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await MapOnceAsync(io, inode, logicalBlock, lengthBlocks, call);
            }
            catch (FileSystemException full) when (SpaceRetry.MayHelp(io, full, attempt))
            {
                await SpaceRetry.CommitAsync(io); // (2)
            }
        }
    }

    private static async ValueTask<WriteMapping> MapOnceAsync(IoContext io, Inode inode, uint logicalBlock, int lengthBlocks, int call)
    {
        Handle handle = await io.Journal.StartAsync(inode.Map.CreditsToMap(lengthBlocks), "map zeroed blocks");
        try
        {
            await inode.MappingLock.LockExclusiveAsync();
            try
            {
                BlockMapping found = inode.Map.Lookup(logicalBlock, lengthBlocks);
                if (found.State != MappingState.Hole)
                    return new WriteMapping(found, false);
                found = inode.Map.Allocate(handle, logicalBlock, found.LengthBlocks, MappingState.Written, AllocationUse.Privileged);
                Zero(io, inode, found, call); // (1)
                inode.NoteTransaction(handle, isDataIntegrity: true);
                return new WriteMapping(found, true);
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

    private static void Zero(IoContext io, Inode inode, in BlockMapping blocks, int call)
    {
        var origin = new Provenance(ProvenanceKind.Zeroes, inode.Number, (long)blocks.LogicalBlock << io.BlockSizeBits, call);
        io.Memory!.StoreNonTemporal(blocks.PhysicalBlock << io.BlockSizeBits, new byte[blocks.LengthBlocks << io.BlockSizeBits], origin);
    }
}
