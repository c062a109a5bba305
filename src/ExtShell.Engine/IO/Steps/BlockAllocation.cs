using ExtShell.Engine.Allocation;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// Mapping a run of a file that is to be written: what is allocated is taken as it is, unwritten extents are split, holes are filled.
/// </summary>
/// <remarks>
/// (1) At most <see cref="LargestRunBlocks"/> are mapped under one handle, so that its credits are bounded.
/// (2) The map is looked at again under the handle: starting it may have waited.
/// (3) An unwritten extent is split where the write begins and ends, so that its conversion needs no new tree block.
/// (4) A full volume is committed, and tried again, before ENOSPC is reported.
/// </remarks>
internal static class BlockAllocation
{
    /// <summary>The most blocks that one handle maps; Linux's DIO_MAX_BLOCKS.</summary>
    public const int LargestRunBlocks = 4096;

    /// <summary>Maps a run.</summary>
    /// <param name="io">The volume.</param>
    /// <param name="inode">The file.</param>
    /// <param name="logicalBlock">The first block.</param>
    /// <param name="lengthBlocks">How many at most.</param>
    /// <param name="fillHoleAs">What a hole's new blocks are.</param>
    /// <param name="splits">Whether (3) is kept.</param>
    /// <exception cref="FileSystemException">ENOSPC.</exception>
    public static async ValueTask<WriteMapping> MapAsync(
        IoContext io, Inode inode, uint logicalBlock, int lengthBlocks, MappingState fillHoleAs, bool splits = true)
    {
        BlockMapping found = inode.Map.Lookup(logicalBlock, Math.Min(lengthBlocks, LargestRunBlocks)); // (1)
        if (found.State == MappingState.Written)
            return new WriteMapping(found, false);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await MapOnceAsync(io, inode, logicalBlock, found.LengthBlocks, fillHoleAs, splits);
            }
            catch (FileSystemException full) when (SpaceRetry.MayHelp(io, full, attempt))
            {
                await SpaceRetry.CommitAsync(io); // (4)
            }
        }
    }

    private static async ValueTask<WriteMapping> MapOnceAsync(
        IoContext io, Inode inode, uint logicalBlock, int lengthBlocks, MappingState fillHoleAs, bool splits)
    {
        int credits = Math.Max(inode.Map.CreditsToMap(lengthBlocks), inode.Map.CreditsToConvert(lengthBlocks));
        Handle handle = await io.Journal.StartAsync(credits, "map blocks");
        try
        {
            await inode.MappingLock.LockExclusiveAsync();
            try
            {
                return MapUnder(handle, inode, logicalBlock, lengthBlocks, fillHoleAs, splits);
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

    private static WriteMapping MapUnder(
        Handle handle, Inode inode, uint logicalBlock, int lengthBlocks, MappingState fillHoleAs, bool splits)
    {
        BlockMapping found = inode.Map.Lookup(logicalBlock, lengthBlocks); // (2)
        if (found.State == MappingState.Written)
            return new WriteMapping(found, false);
        bool isHole = found.State == MappingState.Hole;
        if (isHole)
            found = inode.Map.Allocate(handle, logicalBlock, found.LengthBlocks, fillHoleAs, AllocationUse.Privileged);
        else if (splits)
            inode.Map.SplitAt(handle, logicalBlock, found.LengthBlocks); // (3)
        inode.NoteTransaction(handle, isDataIntegrity: true);
        return new WriteMapping(found, isHole);
    }
}
