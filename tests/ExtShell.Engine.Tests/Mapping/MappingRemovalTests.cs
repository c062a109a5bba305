using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Allocation;

namespace ExtShell.Engine.Tests.Mapping;

public class MappingRemovalTests
{
    [Fact]
    public void A_range_of_any_size_is_freed_under_one_small_handle_and_the_lock_is_free_at_every_commit()
    {
        var volume = new TestVolume(120L << 20, TestVolume.Small());
        var file = new MappedFile(volume);
        HashSet<long> before = volume.TakenBlocks();
        for (uint at = 0; at < 100000;)
        {
            at = (uint)volume.Do(handle => file.Map.Allocate(handle, at, 700, MappingState.Written)).EndLogicalBlock + 1;
            volume.Journal.Commit();
        }

        var mappingLock = new SimulatedReadWriteLock(volume.Machine, "mapping lock");
        int commits = 0;
        volume.Journal.AtCommit = () =>
        {
            commits++;
            Assert.False(mappingLock.IsExclusivelyHeld);
            file.WalkTree([]);
            Assert.True(file.IsStored);
            volume.CheckGroups();
        };
        volume.Machine.Run(async () =>
        {
            Handle handle = await volume.Journal.StartAsync(file.Map.CreditsToRemove(), "truncate");
            await MappingRemoval.RunAsync(file.Map, handle, mappingLock, 0, uint.MaxValue);
            await handle.StopAsync();
        });
        Assert.False(mappingLock.IsExclusivelyHeld);
        Assert.True(commits > 0, "the first credits were not enough");
        Assert.Empty(file.WalkTree([]));
        Assert.Equal(before, volume.TakenBlocks());
    }
}
