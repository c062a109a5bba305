using ExtShell.Engine.Allocation;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.Allocation;

public class BlockAllocatorTests
{
    [Fact]
    public void Blocks_come_at_the_goal_then_behind_it_then_in_the_next_groups()
    {
        var volume = new TestVolume(40L << 20, TestVolume.Small());
        BlockAllocator blocks = volume.Context.Blocks;
        long goal = volume.Geometry.GroupFirstBlock(2) + 5000;
        Assert.Equal(new BlockRun(goal, 100), Allocate(volume, goal, 100));
        Assert.Equal(new BlockRun(goal + 100, 50), Allocate(volume, goal, 50));
        volume.Do(handle => blocks.Free(handle, goal + 10, 5, BlockUse.Data));
        volume.Journal.Commit();
        Assert.Equal(new BlockRun(goal + 10, 4), Allocate(volume, goal, 4));
        Assert.Equal(new BlockRun(goal + 150, 9), Allocate(volume, goal + 14, 9));

        long last = volume.Geometry.GroupFirstBlock(3) - 20;
        BlockRun next = Allocate(volume, last, 3000);
        Assert.Equal(new BlockRun(last, 20), next);
        Assert.Equal(2, volume.Geometry.GroupOfBlock(Allocate(volume, last, 3000).FirstBlock));
        Assert.Equal(3, volume.Geometry.GroupOfBlock(Allocate(volume, last, 6000).FirstBlock));
        volume.CheckGroups();
    }

    [Fact]
    public void A_goal_that_is_no_block_is_no_wish()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small());
        foreach (long goal in new[] { -1, 0, volume.Geometry.BlocksCount, long.MaxValue })
            Assert.Equal(3, Allocate(volume, goal, 3).LengthBlocks);
    }

    [Fact]
    public void Freed_blocks_are_free_at_once_and_had_again_after_the_commit_only()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small());
        BlockAllocator blocks = volume.Context.Blocks;
        blocks.ConversionReserveBlocks = 0;
        BlockRun run = Allocate(volume, 2000, 500);
        long free = blocks.FreeBlocksCount;
        volume.Journal.Commit();
        volume.Do(handle => blocks.Free(handle, run.FirstBlock, run.LengthBlocks, BlockUse.Data));
        Assert.Equal((free + 500, 500L), (blocks.FreeBlocksCount, blocks.UncommittedFreeBlocksCount));
        volume.CheckGroups();

        while (blocks.AvailableTo(AllocationUse.MustNotFail) > 0)
        {
            BlockRun other = Allocate(volume, 2000, 400, AllocationUse.MustNotFail);
            Assert.True(other.EndBlock <= run.FirstBlock || other.FirstBlock >= run.EndBlock);
        }

        Assert.Equal(500, blocks.FreeBlocksCount);
        Assert.Equal(Errno.ENOSPC, Assert.Throws<FileSystemException>(() => Allocate(volume, 2000, 1, AllocationUse.MustNotFail)).Errno);
        volume.Journal.Commit();
        Assert.Equal(0, blocks.UncommittedFreeBlocksCount);
        Assert.Equal(run, Allocate(volume, 0, 500, AllocationUse.MustNotFail));
    }

    [Fact]
    public void Blocks_freed_in_two_transactions_wait_for_their_own()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small());
        BlockAllocator blocks = volume.Context.Blocks;
        BlockRun run = Allocate(volume, 2000, 20);
        volume.Journal.Commit();
        volume.Do(handle => blocks.Free(handle, run.FirstBlock, 10, BlockUse.Data));
        volume.Do(handle => blocks.Free(handle, run.FirstBlock + 10, 5, BlockUse.Data));
        Assert.Equal(15, blocks.UncommittedFreeBlocksCount);
        volume.Journal.Commit();
        volume.Do(handle => blocks.Free(handle, run.FirstBlock + 15, 5, BlockUse.Data));
        Assert.Equal(5, blocks.UncommittedFreeBlocksCount);
        Assert.Equal(new BlockRun(run.FirstBlock, 15), Allocate(volume, run.FirstBlock, 15));
    }

    [Fact]
    public void Returned_blocks_are_had_again_at_once()
    {
        var volume = new TestVolume(4L << 20, TestVolume.Small());
        BlockRun run = Allocate(volume, 2000, 20);
        volume.Do(handle => volume.Context.Blocks.Return(handle, run));
        Assert.Equal(run, Allocate(volume, 2000, 20));

        FillFor(volume, AllocationUse.MustNotFail);
        volume.Do(handle => volume.Context.Blocks.Return(handle, run));
        Assert.Equal(run, Allocate(volume, 0, 20, AllocationUse.MustNotFail));
    }

    [Fact]
    public void Blocks_that_were_added_to_the_volumes_own_are_not_a_files_whatever_overlaps()
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small());
        BlockRun[] runs = [new(5000, 100), new(5010, 5), new(5100, 3), new(6000, 1)];
        Assert.True(volume.Context.Blocks.IsAllocatable(5000, 1100));
        volume.Context.SystemZone.Add(runs);
        HashSet<long> own = [.. volume.OwnBlocks(),
            .. runs.SelectMany(run => Enumerable.Range(0, run.LengthBlocks).Select(i => run.FirstBlock + i))];
        for (long block = volume.Geometry.FirstDataBlock; block < volume.Geometry.BlocksCount; block++)
            Assert.Equal(!own.Contains(block), volume.Context.Blocks.IsAllocatable(block, 1));
        Assert.False(volume.Context.Blocks.IsAllocatable(5990, 11));
        Assert.True(volume.Context.Blocks.IsAllocatable(5990, 10));
    }

    [Fact]
    public void The_last_blocks_are_for_the_superuser_and_the_very_last_for_what_must_not_fail()
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small());
        BlockAllocator blocks = volume.Context.Blocks;
        Assert.Equal((long)volume.Context.SuperBlock.Value.ReservedBlocksCount, blocks.SuperuserReserveBlocks);
        Assert.True(blocks.SuperuserReserveBlocks > 100);
        Assert.Equal(8192 / 50, blocks.ConversionReserveBlocks);

        Assert.Equal(blocks.SuperuserReserveBlocks + blocks.ConversionReserveBlocks, FillFor(volume, AllocationUse.None));
        Assert.Equal(blocks.ConversionReserveBlocks, FillFor(volume, AllocationUse.Privileged));
        Assert.Equal(0, FillFor(volume, AllocationUse.MustNotFail));
        volume.CheckGroups();
    }

    [Fact]
    public void Reserved_blocks_are_kept_for_who_reserved_them()
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small());
        BlockAllocator blocks = volume.Context.Blocks;
        Assert.False(blocks.TryReserve(blocks.AvailableTo(AllocationUse.None) + 1));
        Assert.True(blocks.TryReserve(100));
        long rest = FillFor(volume, AllocationUse.None);
        Assert.Equal(100 + blocks.SuperuserReserveBlocks + blocks.ConversionReserveBlocks, rest);
        Assert.False(blocks.TryReserve(1));

        Assert.Equal(60, Allocate(volume, 0, 60, AllocationUse.Reserved).LengthBlocks);
        Assert.Equal(40, blocks.ReservedBlocksCount);
        Assert.Throws<FileSystemException>(() => Allocate(volume, 0, 1));
        blocks.ReleaseReservation(40);
        Assert.Equal(40, Allocate(volume, 0, 100).LengthBlocks);
        Assert.Throws<InvariantException>(() => blocks.ReleaseReservation(1));
    }

    [Fact]
    public void What_is_free_already_or_never_a_files_cannot_be_freed()
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small());
        BlockAllocator blocks = volume.Context.Blocks;
        BlockRun run = Allocate(volume, 5000, 10);
        HashSet<long> taken = volume.TakenBlocks();
        Assert.Throws<CorruptionException>(() => volume.Do(handle => blocks.Free(handle, run.FirstBlock + 5, 6, BlockUse.Data)));
        foreach (long own in volume.OwnBlocks())
            Assert.Throws<CorruptionException>(() => volume.Do(handle => blocks.Free(handle, own, 1, BlockUse.Data)));
        foreach (long none in new[] { -1, volume.Geometry.BlocksCount, long.MaxValue })
            Assert.Throws<CorruptionException>(() => volume.Do(handle => blocks.Free(handle, none, 1, BlockUse.Data)));
        Assert.Equal(taken, volume.TakenBlocks());
        volume.CheckGroups();
    }

    [Theory]
    [InlineData("^has_journal")]
    [InlineData("^has_journal,^metadata_csum,uninit_bg")]
    [InlineData("^has_journal,^metadata_csum,uninit_bg,^flex_bg")]
    public void A_group_that_was_never_used_gets_its_bitmap_with_its_first_block(string features)
    {
        var volume = new TestVolume(200L << 20, TestVolume.Small(1024, features));
        HashSet<long> before = volume.TakenBlocks();
        int group = Enumerable.Range(1, volume.Geometry.GroupCount - 1).First(volume.Context.Groups.IsBlockBitmapUninitialized);
        for (; group < volume.Geometry.GroupCount; group++)
        {
            if (!volume.Context.Groups.IsBlockBitmapUninitialized(group))
                continue;
            before.Add(Allocate(volume, volume.Geometry.GroupFirstBlock(group), 1).FirstBlock);
            Assert.False(volume.Context.Groups.IsBlockBitmapUninitialized(group));
            Assert.Equal(before, volume.TakenBlocks());
            Assert.True(volume.Journal.MostCreditsUsed <= BlockAllocator.CreditsToAllocate);
        }

        volume.CheckGroups();
    }

    [Fact]
    public void A_bitmap_that_contradicts_its_checksum_or_its_descriptor_is_not_used()
    {
        foreach (string features in new[] { "^has_journal", "^has_journal,^metadata_csum" })
        {
            var volume = new TestVolume(8L << 20, TestVolume.Small(1024, features));
            long bitmap = volume.Context.Groups.BlockBitmapBlock(0);
            long offset = volume.Geometry.BlockOffsetBytes(bitmap) + 700;
            volume.Storage.Write(offset, [(byte)(volume.Storage.Read(offset, 1)[0] ^ 1)]);
            var error = Assert.Throws<CorruptionException>(() => Allocate(volume, 5000, 1));
            Assert.Equal("block bitmap of group 0", error.Structure);
        }
    }

    [Fact]
    public void A_bitmap_that_frees_the_volumes_own_blocks_is_not_used()
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small(1024, "^has_journal,^metadata_csum"));
        long offset = volume.Geometry.BlockOffsetBytes(volume.Context.Groups.BlockBitmapBlock(0));
        volume.Storage.Write(offset, [(byte)(volume.Storage.Read(offset, 1)[0] & ~2)]);
        volume.Storage.Write(offset + 700, [(byte)(volume.Storage.Read(offset + 700, 1)[0] | 1)]);
        Assert.Contains("volume's own", Assert.Throws<CorruptionException>(() => Allocate(volume, 5000, 1)).Expected);
    }

    [Fact]
    public void Mounting_reads_descriptors_and_no_bitmap()
    {
        var storage = new PagedMemory(64L << 20);
        VolumeMaker.Make(storage, TestVolume.Small());
        var plain = new TestVolume(storage);
        for (int group = 0; group < plain.Geometry.GroupCount; group++)
            Assert.Null(plain.Buffers.Find(plain.Context.Groups.BlockBitmapBlock(group)));
        Allocate(plain, plain.Geometry.GroupFirstBlock(3) + 3000, 10);
        Assert.Equal([3], Enumerable.Range(0, plain.Geometry.GroupCount)
            .Where(group => plain.Buffers.Find(plain.Context.Groups.BlockBitmapBlock(group)) is not null));
    }

    [Fact]
    public void A_descriptor_that_lies_is_refused()
    {
        foreach (string features in new[] { "^has_journal", "^has_journal,^metadata_csum,uninit_bg", "^has_journal,^metadata_csum,^64bit" })
        {
            var volume = new TestVolume(40L << 20, TestVolume.Small(1024, features));
            long offset = volume.Geometry.DescriptorOffsetBytes(2);
            volume.Storage.Write(offset + 8, [0xFF, 0xFF, 0xFF, 0x7F]);
            Assert.Equal("descriptor of group 2", Assert.Throws<CorruptionException>(() => new TestVolume(volume.Storage)).Structure);
        }
    }

    [Fact]
    public void Random_allocation_and_freeing_keeps_sums_counts_and_claims()
    {
        foreach (string features in new[]
        {
            "^has_journal", "^has_journal,^metadata_csum,uninit_bg", "^has_journal,^metadata_csum,^64bit,^flex_bg",
        })
        {
            var random = new Random(3);
            var volume = new TestVolume(20L << 20, TestVolume.Small(1024, features));
            HashSet<long> taken = volume.TakenBlocks();
            var runs = new List<BlockRun>();
            for (int step = 0; step < 3000; step++)
            {
                if (runs.Count > 0 && random.Next(100) < 48)
                {
                    int which = random.Next(runs.Count);
                    BlockRun run = runs[which];
                    int skip = random.Next(run.LengthBlocks);
                    volume.Do(handle => volume.Context.Blocks.Free(
                        handle, run.FirstBlock + skip, run.LengthBlocks - skip, random.Next(2) == 0 ? BlockUse.Data : BlockUse.Metadata));
                    taken.ExceptWith(Enumerable.Range(skip, run.LengthBlocks - skip).Select(i => run.FirstBlock + i));
                    runs.RemoveAt(which);
                    if (skip > 0)
                        runs.Add(run with { LengthBlocks = skip });
                }
                else if (volume.Context.Blocks.AvailableTo(AllocationUse.None) > 0)
                {
                    BlockRun run = Allocate(
                        volume, random.Next((int)volume.Geometry.BlocksCount), 1 + random.Next(random.Next(5) == 0 ? 2000 : 30));
                    Assert.All(Enumerable.Range(0, run.LengthBlocks), i => Assert.True(taken.Add(run.FirstBlock + i)));
                    runs.Add(run);
                }

                if (random.Next(3) == 0)
                    volume.Journal.Commit();
            }

            Assert.Equal(taken, volume.TakenBlocks());
            volume.CheckGroups();
            Assert.True(volume.Context.Groups.Count == 3);
        }
    }

    private static long FillFor(TestVolume volume, AllocationUse use)
    {
        long before = volume.Context.Blocks.AvailableTo(use);
        while (volume.Context.Blocks.AvailableTo(use) > 0)
            Allocate(volume, 0, 3000, use);
        Assert.True(before > 0);
        Assert.Equal(Errno.ENOSPC, Assert.Throws<FileSystemException>(() => Allocate(volume, 0, 1, use)).Errno);
        return volume.Context.Blocks.FreeBlocksCount;
    }

    private static BlockRun Allocate(TestVolume volume, long goal, int wanted, AllocationUse use = AllocationUse.None) =>
        volume.Do(handle => volume.Context.Blocks.Allocate(handle, goal, wanted, use), BlockAllocator.CreditsToAllocate);
}
