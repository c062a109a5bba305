using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Allocation;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>All short sequences of changes on a few blocks, and the cases at the limits.</summary>
public class ExtentMapSmallCaseTests
{
    private enum Kind
    {
        Convert,
        Split,
        Remove,
        FillWritten,
        FillUnwritten,
    }

    [Theory]
    [InlineData(MappingState.Unwritten, 3, 3)]
    [InlineData(MappingState.Written, 3, 3)]
    [InlineData(MappingState.Unwritten, 5, 2)]
    public void Every_short_sequence_of_changes_of_one_extent_equals_the_model_and_is_merged(
        MappingState state, int fileBlocks, int changesCount)
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small());
        (Kind Kind, uint From, uint To)[] changes =
        [
            .. from kind in Enum.GetValues<Kind>()
               from change in Enumerable.Range(0, fileBlocks)
               from length in Enumerable.Range(1, fileBlocks - change)
               select (kind, (uint)change, (uint)(change + length)),
        ];
        int begun = 0;
        void Begin((Kind, uint, uint)[] sequence)
        {
            if (sequence.Length == changesCount)
            {
                Check(volume, state, fileBlocks, sequence);
                begun++;
                return;
            }

            // There is no hole to fill yet when the sequence begins.
            foreach ((Kind Kind, uint, uint) next in changes.Where(one => sequence.Length > 0 || one.Kind <= Kind.Remove))
                Begin([.. sequence, next]);
        }

        Begin([]);
        Assert.Equal(changes.Length * 3 / 5 * Math.Pow(changes.Length, changesCount - 1), begun);
    }

    [Fact]
    public void Merges_stop_at_32768_written_and_32767_unwritten_blocks()
    {
        var volume = new TestVolume(768L << 20, new VolumeMakeOptions { Features = "^has_journal" });
        long begin = volume.Geometry.GroupFirstBlock(2) + 1000;
        foreach (MappingState state in new[] { MappingState.Written, MappingState.Unwritten })
        {
            var file = new MappedFile(volume) { AllocationGoal = begin };
            for (uint at = 0; at < 80000;)
                at = (uint)volume.Do(handle => file.Map.Allocate(handle, at, 3333, state)).EndLogicalBlock;
            int most = state == MappingState.Written ? 32768 : 32767;
            List<BlockMapping> tree = file.WalkTree([]);
            Assert.All(tree, one => Assert.InRange(one.LengthBlocks, 1, most));
            Assert.True(tree.Max(one => one.LengthBlocks) > most - 3333, "an extent is filled nearly to its limit");
            Assert.True(tree.Zip(tree.Skip(1)).Any(pair => pair.First.PhysicalBlock + pair.First.LengthBlocks == pair.Second.PhysicalBlock),
                "runs went on behind the limit");

            for (long at = 0; at < 80000;)
                at = volume.Do(handle => file.Map.ConvertToWritten(handle, (uint)at, int.MaxValue)).EndLogicalBlock;
            Assert.All(file.WalkTree([]), one => Assert.True(one is { State: MappingState.Written, LengthBlocks: <= 32768 }));
            ExtentMapPropertyTests.RemoveAll(volume, file, 0, uint.MaxValue);
            volume.CheckGroups();
        }
    }

    [Fact]
    public void A_whole_unwritten_extent_of_the_longest_kind_joins_one_written_block_before_it()
    {
        var volume = new TestVolume(768L << 20, new VolumeMakeOptions { Features = "^has_journal" });
        var file = new MappedFile(volume) { AllocationGoal = volume.Geometry.GroupFirstBlock(2) };
        volume.Do(handle => file.Map.Allocate(handle, 0, 32768, MappingState.Unwritten));
        volume.Do(handle => file.Map.Allocate(handle, 32767, 1, MappingState.Unwritten));
        Assert.Equal([32767, 1], file.WalkTree([]).Select(one => one.LengthBlocks));
        volume.Do(handle => file.Map.ConvertToWritten(handle, 32767, 1));
        volume.Do(handle => file.Map.ConvertToWritten(handle, 0, 40000));
        Assert.Equal([32768], file.WalkTree([]).Select(one => one.LengthBlocks));
    }

    [Fact]
    public void After_a_split_converting_its_range_takes_no_block_even_in_a_full_tree_on_a_full_volume()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small());
        var file = new MappedFile(volume);
        volume.Do(handle => file.Map.Allocate(handle, 0, 9, MappingState.Unwritten));
        for (uint at = 20; at < 24; at += 2)
            volume.Do(handle => file.Map.Allocate(handle, at, 1, MappingState.Written));
        Assert.Equal(0, file.Map.Depth);
        volume.Do(handle => file.Map.SplitAt(handle, 3, 3));
        Assert.Equal(1, file.Map.Depth);
        Assert.Equal(
            [(0u, 3), (3u, 3), (6u, 3), (20u, 1), (22u, 1)], file.WalkTree([]).Select(one => (one.LogicalBlock, one.LengthBlocks)));

        FillVolume(volume);
        volume.Do(handle => file.Map.ConvertToWritten(handle, 3, 3));
        Assert.Equal(
            [MappingState.Unwritten, MappingState.Written, MappingState.Unwritten, MappingState.Written, MappingState.Written],
            file.WalkTree([]).Select(one => one.State));
    }

    [Fact]
    public void A_conversion_that_needs_a_block_when_none_is_left_says_so_and_changes_nothing()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small());
        var file = new MappedFile(volume);
        volume.Do(handle => file.Map.Allocate(handle, 0, 9, MappingState.Unwritten));
        for (uint at = 20; at < 26; at += 2)
            volume.Do(handle => file.Map.Allocate(handle, at, 1, MappingState.Written));
        FillVolume(volume);
        List<BlockMapping> before = file.WalkTree([]);
        HashSet<long> taken = volume.TakenBlocks();
        var refused = Assert.Throws<FileSystemException>(() => volume.Do(handle => file.Map.ConvertToWritten(handle, 3, 3)));
        Assert.Equal(Errno.ENOSPC, refused.Errno);
        Assert.Equal(before, file.WalkTree([]));
        Assert.Equal(taken, volume.TakenBlocks());
    }

    [Fact]
    public void Blocks_kept_for_conversions_are_there_when_everybody_else_is_refused()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small());
        var file = new MappedFile(volume);
        volume.Do(handle => file.Map.Allocate(handle, 0, 9, MappingState.Unwritten));
        for (uint at = 20; at < 26; at += 2)
            volume.Do(handle => file.Map.Allocate(handle, at, 1, MappingState.Written));
        var filler = new MappedFile(volume, 30);
        var refused = Assert.Throws<FileSystemException>(void () =>
        {
            for (uint at = 0; at < 100000;)
                at = (uint)volume.Do(
                    handle => filler.Map.Allocate(handle, at, 1000, MappingState.Written, AllocationUse.Privileged)).EndLogicalBlock;
        });
        Assert.Equal(Errno.ENOSPC, refused.Errno);
        volume.Do(handle => file.Map.ConvertToWritten(handle, 3, 3));
        Assert.Equal(MappingState.Written, file.Map.Lookup(4, 1).State);
    }

    [Fact]
    public void When_only_some_of_the_blocks_for_a_split_are_there_none_is_taken()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small());
        var file = new MappedFile(volume);
        uint next = 0;
        for (; file.Map.Depth < 2; next += 2)
            volume.Do(handle => file.Map.Allocate(handle, next, 1, MappingState.Written));
        volume.Do(handle => file.Map.Remove(handle, next - 2, next));
        next -= 2;
        Assert.Equal(2, file.Map.Depth);
        ExtentMapPropertyTests.RemoveAll(volume, file, 0, uint.MaxValue);
        for (uint at = 0; at < next; at += 2)
            volume.Do(handle => file.Map.Allocate(handle, at, 1, MappingState.Written));
        Assert.Equal(1, file.Map.Depth); // the next one splits a leaf and the root

        FillVolume(volume, leftBlocks: 2);
        List<BlockMapping> before = file.WalkTree([]);
        HashSet<long> taken = volume.TakenBlocks();
        const AllocationUse use = AllocationUse.Privileged;
        Assert.Throws<FileSystemException>(() => volume.Do(handle => file.Map.Allocate(handle, next, 1, MappingState.Written, use)));
        Assert.Equal(taken, volume.TakenBlocks());
        Assert.Equal(before, file.WalkTree([]));
        volume.CheckGroups();

        volume.Do(handle => file.Map.Remove(handle, 0, 1));
        volume.Journal.Commit();
        volume.Do(handle => file.Map.Allocate(handle, next, 1, MappingState.Written, use));
        Assert.Equal(2, file.Map.Depth);
    }

    [Fact]
    public void One_step_of_removal_frees_in_one_group_only()
    {
        var volume = new TestVolume(200L << 20, TestVolume.Small());
        var file = new MappedFile(volume) { AllocationGoal = volume.Geometry.GroupFirstBlock(10) + 100 };
        for (uint at = 0; at < 32768;)
            at = (uint)volume.Do(handle => file.Map.Allocate(handle, at, 32768 - (int)at, MappingState.Written)).EndLogicalBlock;
        BlockMapping whole = Assert.Single(file.WalkTree([]));
        Assert.Equal(5, volume.Geometry.GroupOfBlock(whole.PhysicalBlock + 32767) - volume.Geometry.GroupOfBlock(whole.PhysicalBlock) + 1);
        volume.Journal.Commit();
        ExtentMapPropertyTests.RemoveAll(volume, file, 0, uint.MaxValue);
        Assert.Empty(file.WalkTree([]));
    }

    [Fact]
    public void Removal_stops_where_the_credits_end_and_goes_on_in_the_next_transaction()
    {
        var volume = new TestVolume(120L << 20, TestVolume.Small());
        var file = new MappedFile(volume);
        for (uint at = 0; at < 100000;)
            at = (uint)volume.Do(handle => file.Map.Allocate(handle, at, 100000 - (int)at, MappingState.Written)).EndLogicalBlock;
        volume.Journal.Commit();

        int steps = 0;
        uint end = 100000;
        for (bool isDone = false; !isDone; steps++)
        {
            isDone = volume.Do(handle => file.Map.Remove(handle, 10, uint.MaxValue), file.Map.CreditsToRemove());
            List<BlockMapping> tree = file.WalkTree([]);
            uint now = (uint)tree[^1].EndLogicalBlock;
            Assert.True(now < end, "each step gets somewhere, from the end on");
            Assert.Equal(now, (uint)tree.Sum(one => one.LengthBlocks));
            end = now;
            volume.CheckGroups();
            volume.Journal.Commit();
        }

        Assert.True(steps > 1, "the first credits were not enough for all groups");
        Assert.Equal(10u, end);
    }

    [Fact]
    public void Freed_tree_blocks_and_a_directorys_blocks_are_revoked_and_data_is_not()
    {
        foreach (bool isDirectory in new[] { false, true })
        {
            var volume = new TestVolume(4L << 20, TestVolume.Small());
            var file = new MappedFile(volume) { ContentUse = isDirectory ? BlockUse.Metadata : BlockUse.Data };
            for (uint at = 0; at < 20; at += 2)
                volume.Do(handle => file.Map.Allocate(handle, at, 1, MappingState.Written));
            var nodes = new List<long>();
            List<BlockMapping> tree = file.WalkTree(nodes);
            volume.Journal.Commit();
            volume.Do(handle => Assert.True(file.Map.Remove(handle, 0, uint.MaxValue)));
            Assert.Equal(
                [.. nodes.Concat(isDirectory ? tree.Select(one => one.PhysicalBlock) : []).Order()], volume.Journal.Revoked.Order());
            Assert.Single(nodes);
        }
    }

    [Fact]
    public void A_hole_ends_at_the_next_extent_even_in_another_leaf()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small());
        var file = new MappedFile(volume);
        for (uint i = 0; i < 200; i++)
            volume.Do(handle => file.Map.Allocate(handle, (i * 10) + 5, 1, MappingState.Written));
        for (uint i = 0; i < 199; i++)
            Assert.Equal(new BlockMapping((i * 10) + 6, 0, 9, MappingState.Hole), file.Map.Lookup((i * 10) + 6, 100));
        Assert.Equal(new BlockMapping(0, 0, 5, MappingState.Hole), file.Map.Lookup(0, 100));
        Assert.Equal(new BlockMapping(1996, 0, 100, MappingState.Hole), file.Map.Lookup(1996, 100));
    }

    [Fact]
    public void A_lookup_allocates_nothing()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small());
        var file = new MappedFile(volume);
        for (uint i = 0; i < 400; i++)
            volume.Do(handle => file.Map.Allocate(handle, i * 2, 1, MappingState.Written));
        Assert.Equal(2, file.Map.Depth);
        long sum = 0;
        long before = 0;
        for (uint i = 0; i < 20000; i++)
        {
            if (i == 2000)
                before = GC.GetAllocatedBytesForCurrentThread();
            sum += file.Map.Lookup(i * 7 % 800, 10).PhysicalBlock;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0, sum);
    }

    [Fact]
    public void The_last_block_that_a_file_can_have_is_mapped_and_removed()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small());
        var file = new MappedFile(volume);
        volume.Do(handle => file.Map.Allocate(handle, uint.MaxValue - 3, 100, MappingState.Unwritten));
        Assert.Equal([(uint.MaxValue - 3, 3)], file.WalkTree([]).Select(one => (one.LogicalBlock, one.LengthBlocks)));
        Assert.Equal(file.WalkTree([]), file.Map.Enumerate());
        volume.Do(handle => file.Map.SplitAt(handle, uint.MaxValue - 2, 1));
        volume.Do(handle => file.Map.ConvertToWritten(handle, uint.MaxValue - 2, 100));
        Assert.Equal(3, file.WalkTree([]).Sum(one => one.LengthBlocks));
        ExtentMapPropertyTests.RemoveAll(volume, file, 0, uint.MaxValue);
        Assert.Empty(file.WalkTree([]));
    }

    private static void FillVolume(TestVolume volume, int leftBlocks = 0)
    {
        volume.Context.Blocks.ConversionReserveBlocks = 0;
        volume.Journal.Commit();
        for (long rest; (rest = volume.Context.Blocks.AvailableTo(AllocationUse.Privileged) - leftBlocks) > 0;)
            volume.Do(handle => volume.Context.Blocks.Allocate(handle, 0, (int)rest, AllocationUse.Privileged));
    }

    private static void Check(TestVolume volume, MappingState state, int fileBlocks, ReadOnlySpan<(Kind Kind, uint From, uint To)> changes)
    {
        var file = new MappedFile(volume);
        var model = new MapModel();
        model.Set(volume.Do(handle => file.Map.Allocate(handle, 0, fileBlocks, state)));
        bool hasSplit = false;
        foreach ((Kind kind, uint from, uint to) in changes)
        {
            hasSplit |= kind == Kind.Split;
            volume.Do(handle => Apply(file, model, handle, kind, from, to));
            List<BlockMapping> tree = file.WalkTree([]);
            model.CheckEqual(tree);
            if (!hasSplit)
                Assert.False(tree.Zip(tree.Skip(1)).Any(CanMerge), "what continues is merged");
        }

        volume.Do(handle => Assert.True(file.Map.Remove(handle, 0, uint.MaxValue)));
        Assert.Equal(0, file.Blocks);
        volume.Journal.Commit();
    }

    private static void Apply(MappedFile file, MapModel model, Handle handle, Kind kind, uint from, uint to)
    {
        switch (kind)
        {
            case Kind.Convert:
                for (uint at = from; at < to;)
                {
                    BlockMapping got = file.Map.ConvertToWritten(handle, at, (int)(to - at));
                    if (got.IsMapped)
                        model.Set(got);
                    at = (uint)got.EndLogicalBlock;
                }

                break;
            case Kind.Split:
                file.Map.SplitAt(handle, from, (int)(to - from));
                break;
            case Kind.Remove:
                Assert.True(file.Map.Remove(handle, from, to));
                model.Remove(from, to);
                break;
            default:
                MappingState state = kind == Kind.FillWritten ? MappingState.Written : MappingState.Unwritten;
                for (uint at = from; at < to;)
                {
                    BlockMapping got = file.Map.Lookup(at, (int)(to - at));
                    if (!got.IsMapped)
                        model.Set(got = file.Map.Allocate(handle, at, got.LengthBlocks, state));
                    at = (uint)got.EndLogicalBlock;
                }

                break;
        }
    }

    private static bool CanMerge((BlockMapping First, BlockMapping Second) pair) =>
        pair.First.State == pair.Second.State && pair.First.EndLogicalBlock == pair.Second.LogicalBlock
        && pair.First.PhysicalBlock + pair.First.LengthBlocks == pair.Second.PhysicalBlock;
}
