using System.Buffers.Binary;
using ExtShell.Engine.Allocation;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Allocation;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>The block map at the ends of its levels, where there is no space, and where it is damaged.</summary>
public class IndirectMapTests
{
    private const uint PerArray = 256;
    private const uint DoubleBegin = 12 + PerArray;
    private const uint TripleBegin = DoubleBegin + (PerArray * PerArray);
    private const uint Reach = TripleBegin + (PerArray * PerArray * PerArray);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(11, 0)]
    [InlineData(12, 1)]
    [InlineData(DoubleBegin - 1, 1)]
    [InlineData(DoubleBegin, 2)]
    [InlineData(TripleBegin - 1, 2)]
    [InlineData(TripleBegin, 3)]
    [InlineData(Reach - 1, 3)]
    public void A_block_takes_the_indirect_blocks_of_its_depth_and_gives_them_all_back(uint logical, int depth)
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small(features: "^has_journal,^extent,^64bit"));
        HashSet<long> before = volume.TakenBlocks();
        var file = new IndirectFile(volume) { AllocationGoal = 2000 };
        BlockMapping got = volume.Do(handle => file.Map.Allocate(handle, logical, 1, MappingState.Written), file.Map.CreditsToMap(1));

        Assert.Equal(new BlockMapping(logical, got.PhysicalBlock, 1, MappingState.Written), got);
        Assert.Equal(1 + depth, file.Blocks);
        Assert.Equal(got, file.Map.Lookup(logical, 100));
        var nodes = new List<long>();
        Assert.Equal([got], file.WalkTree(nodes));
        Assert.Equal(depth, nodes.Count);
        Assert.Equal(Enumerable.Range(0, depth).Select(i => got.PhysicalBlock - depth + i), nodes); // the way down, then the data

        volume.Journal.Commit();
        Assert.True(volume.Do(handle => file.Map.Remove(handle, logical, logical + 1), file.Map.CreditsToRemove()));
        Assert.Equal(nodes, volume.Journal.Revoked.Order());
        Assert.Equal(0, file.Blocks);
        Assert.Empty(file.WalkTree([]));
        volume.Journal.Commit();
        Assert.Equal(before, volume.TakenBlocks());
        volume.CheckGroups();
    }

    [Fact]
    public void The_map_ends_where_the_triple_indirect_block_does()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small(features: "^has_journal,^extent,^64bit"));
        var file = new IndirectFile(volume);
        Assert.Equal(new BlockMapping(Reach, 0, 10, MappingState.Hole), file.Map.Lookup(Reach, 10));
        Assert.Equal(new BlockMapping(uint.MaxValue, 0, 1, MappingState.Hole), file.Map.Lookup(uint.MaxValue, 10));
        var refused = Assert.Throws<FileSystemException>(
            () => volume.Do(handle => file.Map.Allocate(handle, Reach, 1, MappingState.Written), file.Map.CreditsToMap(1)));
        Assert.Equal(Errno.EFBIG, refused.Errno);
    }

    [Fact]
    public void There_is_no_unwritten_state()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small(features: "^has_journal,^extent,^64bit"));
        var file = new IndirectFile(volume);
        var refused = Assert.Throws<FileSystemException>(
            () => volume.Do(handle => file.Map.Allocate(handle, 5, 1, MappingState.Unwritten), file.Map.CreditsToMap(1)));
        Assert.Equal(Errno.EOPNOTSUPP, refused.Errno);
        Assert.Equal(MappingState.Hole, volume.Do(handle => file.Map.ConvertToWritten(handle, 5, 3)).State);
        Assert.Empty(file.WalkTree([]));
    }

    [Fact]
    public void A_hole_goes_on_over_missing_indirect_blocks_and_a_run_ends_with_its_array()
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small(features: "^has_journal,^extent,^64bit"));
        var file = new IndirectFile(volume);
        void Map(uint logical, int length)
        {
            for (uint end = logical + (uint)length; logical < end;)
                logical = (uint)volume.Do(
                    handle => file.Map.Allocate(handle, logical, (int)(end - logical), MappingState.Written)).EndLogicalBlock;
        }

        Map(DoubleBegin + (PerArray * 40) + 7, 1);
        Assert.Equal(DoubleBegin + (PerArray * 40), (uint)file.Map.Lookup(DoubleBegin + 3, int.MaxValue).EndLogicalBlock);
        Assert.Equal((uint)TripleBegin, (uint)file.Map.Lookup(DoubleBegin + (PerArray * 41), int.MaxValue).EndLogicalBlock);
        Assert.Equal(20, file.Map.Lookup(DoubleBegin + 3, 20).LengthBlocks);
        Map(0, 400);
        Assert.Equal([12, 256, 132, 1], file.Map.Enumerate().Select(one => one.LengthBlocks));
    }

    [Fact]
    public void Without_space_for_all_that_is_needed_nothing_changes()
    {
        var volume = new TestVolume(2L << 20, TestVolume.Small(features: "^has_journal,^extent,^64bit"));
        volume.Context.Blocks.ConversionReserveBlocks = 0;
        var file = new IndirectFile(volume);
        var other = new IndirectFile(volume, 21);
        for (uint logical = 0; volume.Context.Blocks.AvailableTo(AllocationUse.Privileged) > 3;)
        {
            int wanted = (int)Math.Min(volume.Context.Blocks.AvailableTo(AllocationUse.Privileged) - 3, 12);
            logical = (uint)volume.Do(
                handle => other.Map.Allocate(handle, logical, wanted, MappingState.Written, AllocationUse.Privileged)).EndLogicalBlock;
            if (logical == 12)
                logical = DoubleBegin;
        }

        long free = volume.Context.Blocks.FreeBlocksCount;
        var refused = Assert.Throws<FileSystemException>(() => volume.Do(
            handle => file.Map.Allocate(handle, TripleBegin, 1, MappingState.Written, AllocationUse.Privileged), file.Map.CreditsToMap(1)));
        Assert.Equal((Errno.ENOSPC, free, 0L), (refused.Errno, volume.Context.Blocks.FreeBlocksCount, file.Blocks));
        Assert.Empty(file.WalkTree([]));
        volume.Do(handle => file.Map.Allocate(handle, DoubleBegin, 1, MappingState.Written, AllocationUse.Privileged),
            file.Map.CreditsToMap(1));
        volume.CheckGroups();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(13)]
    public void A_number_that_leads_to_the_volume_s_own_blocks_is_damage(int slot)
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small(features: "^has_journal,^extent,^64bit"));
        var file = new IndirectFile(volume);
        BinaryPrimitives.WriteUInt32LittleEndian(file.Root[(slot * 4)..], (uint)volume.Context.Groups.InodeTableBlock(0));
        uint logical = slot < 12 ? (uint)slot : slot == 12 ? 12 : DoubleBegin;
        Assert.Throws<CorruptionException>(() => file.Map.Lookup(logical, 1));
        Assert.Throws<CorruptionException>(() => volume.Do(handle => file.Map.Remove(handle, 0, uint.MaxValue)));
    }

    [Fact]
    public void An_indirect_block_that_is_found_empty_is_freed()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small(features: "^has_journal,^extent,^64bit"));
        HashSet<long> before = volume.TakenBlocks();
        var file = new IndirectFile(volume);
        BlockMapping got = volume.Do(handle => file.Map.Allocate(handle, TripleBegin + 5, 1, MappingState.Written));
        var nodes = new List<long>();
        file.WalkTree(nodes);
        volume.Do(handle =>
        {
            handle.GetWriteAccess(volume.Buffers.Get(nodes[2])).Clear();
            handle.Dirty(volume.Buffers.Get(nodes[2]));
            volume.Context.Blocks.Free(handle, got.PhysicalBlock, 1, BlockUse.Data);
        });
        Assert.True(volume.Do(handle => file.Map.Remove(handle, 0, uint.MaxValue)));
        Assert.Empty(file.WalkTree([]));
        volume.Journal.Commit();
        Assert.Equal(before, volume.TakenBlocks());
    }
}
