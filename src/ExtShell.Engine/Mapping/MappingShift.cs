using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;

namespace ExtShell.Engine.Mapping;

/// <summary>
/// Moves all that a file has from a block on to other blocks of the file, under one handle, which is restarted as often as it takes.
/// </summary>
/// <remarks>
/// (1) As in <see cref="MappingRemoval"/> the mapping lock is taken inside the handle and dropped before the handle waits.
/// (2) A commit may fall between two steps: a cut then shows some leaves moved and others not. A file of one leaf moves in one transaction.
/// </remarks>
public static class MappingShift
{
    private const int ExtraCredits = 32;

    /// <summary>
    /// Moves towards the beginning; the blocks before are a hole. The caller holds the inode lock, but not the mapping lock.
    /// </summary>
    public static async ValueTask DownAsync(ExtentMap map, Handle handle, SimulatedReadWriteLock mappingLock, uint fromBlock, uint byBlocks)
    {
        uint next = fromBlock;
        while (next != uint.MaxValue)
        {
            await EnsureAsync(map, handle);
            await mappingLock.LockExclusiveAsync();
            try
            {
                next = map.ShiftDown(handle, next, byBlocks);
            }
            finally
            {
                mappingLock.UnlockExclusive(); // (1)
            }
        }
    }

    /// <summary>
    /// Moves towards the end; no extent reaches over the place. The caller holds the inode lock, but not the mapping lock.
    /// </summary>
    public static async ValueTask UpAsync(ExtentMap map, Handle handle, SimulatedReadWriteLock mappingLock, uint fromBlock, uint byBlocks)
    {
        uint end = uint.MaxValue;
        while (end > fromBlock)
        {
            await EnsureAsync(map, handle);
            await mappingLock.LockExclusiveAsync();
            try
            {
                end = map.ShiftUp(handle, fromBlock, end, byBlocks);
            }
            finally
            {
                mappingLock.UnlockExclusive(); // (1)
            }
        }
    }

    private static async ValueTask EnsureAsync(ExtentMap map, Handle handle)
    {
        int needed = map.CreditsToShift();
        if (handle.CreditsLeft < needed && !handle.TryExtend(needed + ExtraCredits))
            await handle.RestartAsync(needed + ExtraCredits); // (2)
    }
}
