using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;

namespace ExtShell.Engine.Mapping;

/// <summary>Frees a range of a file of any size under one handle, which is restarted as often as it takes.</summary>
/// <remarks>
/// (1) The mapping lock is taken inside the handle and dropped before the handle waits: a restart may wait for a commit, which may wait for
/// a handle whose owner wants the lock.
/// (2) A commit may fall between two steps. The map is sound there, and the range is freed from its end on; so who truncates puts the inode
/// on the orphan list first, and who punches accepts that a cut leaves the range punched in part.
/// </remarks>
public static class MappingRemoval
{
    private const int ExtraCredits = 32;

    /// <summary>
    /// Frees what is mapped in the range. The caller holds the inode lock, so that nothing is mapped there meanwhile, but not the mapping
    /// lock.
    /// </summary>
    /// <param name="map">The map.</param>
    /// <param name="handle">A handle that may be restarted.</param>
    /// <param name="mappingLock">The inode's mapping lock.</param>
    /// <param name="fromBlock">The first block of the file.</param>
    /// <param name="toExclusiveBlock">The block behind the last; <see cref="uint.MaxValue"/> stands for all there can be.</param>
    /// <param name="before">What is done under the first hold of the mapping lock, before anything is freed.</param>
    public static async ValueTask RunAsync(
        IBlockMap map, Handle handle, SimulatedReadWriteLock mappingLock, uint fromBlock, uint toExclusiveBlock, Action? before = null)
    {
        for (bool isDone = false; !isDone;)
        {
            int needed = map.CreditsToRemove();
            if (handle.CreditsLeft < needed && !handle.TryExtend(needed + ExtraCredits))
                await handle.RestartAsync(needed + ExtraCredits); // (2)
            await mappingLock.LockExclusiveAsync();
            try
            {
                before?.Invoke();
                before = null;
                isDone = map.Remove(handle, fromBlock, toExclusiveBlock);
            }
            finally
            {
                mappingLock.UnlockExclusive(); // (1)
            }
        }
    }
}
