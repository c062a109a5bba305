using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Inodes;

public sealed class TruncationTests
{
    private static byte[] Pattern(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void Truncate(TestVolume volume, string path, long size) => volume.Run(async () =>
    {
        Inode inode = volume.Names.Resolve(path);
        await inode.Lock.LockExclusiveAsync();
        try
        {
            await volume.Inodes.Truncation.TruncateAsync(inode, size);
        }
        finally
        {
            inode.Lock.UnlockExclusive();
            await volume.Inodes.ReleaseAsync(inode);
        }
    });

    [RequiresToolTheory("mkfs.ext4", "e2fsck")]
    [InlineData("-b 4096", false)]
    [InlineData("-b 1024", true)]
    public void Shrinking_frees_the_blocks_and_the_tail_reads_zero_after_growing_again(string options, bool usesJournal)
    {
        var volume = new TestVolume(TestVolume.MakeImage("16M", options.Split(' ', StringSplitOptions.RemoveEmptyEntries)), usesJournal);
        volume.Create("/f");
        byte[] content = Pattern(100_000, 1);
        long free = volume.Context.Blocks.FreeBlocksCount;
        volume.Fill("/f", 0, content);
        Truncate(volume, "/f", 50_001);
        Assert.Equal(50_001, volume.With("/f", inode => inode.DiskSizeBytes));
        Assert.False(volume.With("/f", inode => inode.IsOrphan));
        int blockSize = volume.Context.Geometry.BlockSizeBytes;
        Assert.Equal((50_001 + blockSize - 1) / blockSize * (long)blockSize, volume.With("/f", inode => inode.AllocatedBytes));
        Truncate(volume, "/f", 90_000);
        volume.WriteBack();
        byte[] found = volume.ReadDevice("/f");
        Assert.Equal(content[..50_001], found[..50_001]);
        Assert.All(found[50_001..], one => Assert.Equal(0, one));
        Truncate(volume, "/f", 0);
        Assert.Equal(free, volume.Context.Blocks.FreeBlocksCount);
        TestVolume.AssertClean(volume.Unmount());
    }

    [RequiresToolFact("mkfs.ext4")]
    public void A_size_that_a_file_cannot_have_is_refused()
    {
        var volume = new TestVolume(TestVolume.MakeImage("8M"));
        volume.Create("/f");
        Assert.Equal(Errno.EINVAL, Assert.Throws<FileSystemException>(() => Truncate(volume, "/f", -1)).Errno);
        long largest = volume.Context.Geometry.MaxExtentFileSizeBytes;
        Assert.Equal(Errno.EFBIG, Assert.Throws<FileSystemException>(() => Truncate(volume, "/f", largest + 1)).Errno);
        Truncate(volume, "/f", largest);
        Truncate(volume, "/f", 0);
        Assert.Equal(Errno.EINVAL, Assert.Throws<FileSystemException>(() => Truncate(volume, "/lost+found", 0)).Errno);
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void An_unlinked_file_lives_until_its_last_reference_is_given_back()
    {
        var volume = new TestVolume(TestVolume.MakeImage("16M"));
        long freeInodes = volume.Context.Inodes.FreeInodesCount;
        long freeBlocks = volume.Context.Blocks.FreeBlocksCount;
        volume.Create("/f");
        volume.Fill("/f", 0, Pattern(300_000, 2));
        volume.Run(async () =>
        {
            Inode inode = volume.Names.Resolve("/f");
            await volume.Names.UnlinkAsync("/f");
            Assert.True(inode.IsOrphan);
            Assert.Equal(inode.Number, volume.Context.SuperBlock.Value.LastOrphan.Value);
            Assert.Equal(300_000, inode.SizeBytes);
            Assert.True(volume.Context.Inodes.IsUsed(inode.Number));
            await volume.Inodes.ReleaseAsync(inode);
            Assert.True(inode.IsEvicted);
        });
        Assert.Equal(0u, volume.Context.SuperBlock.Value.LastOrphan.Value);
        Assert.Equal(freeInodes, volume.Context.Inodes.FreeInodesCount);
        Assert.Equal(freeBlocks, volume.Context.Blocks.FreeBlocksCount);
        TestVolume.AssertClean(volume.Unmount());
    }

    [RequiresToolTheory("mkfs.ext4", "e2fsck")]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_of_many_extents_is_freed_step_by_step(bool usesJournal)
    {
        var volume = new TestVolume(TestVolume.MakeImage("32M", "-b", "1024", "-J", "size=1"), usesJournal);
        long freeBlocks = volume.Context.Blocks.FreeBlocksCount;
        volume.Create("/f");
        byte[] one = Pattern(1024, 3);
        for (int i = 0; i < 1500; i++)
            volume.Fill("/f", i * 2048L, one);
        Assert.True(volume.With("/f", inode => ((ExtentMap)inode.Map).Depth) > 0);
        Truncate(volume, "/f", 1_000_000);
        Assert.Equal(489, volume.With("/f", inode => inode.Map.Enumerate().Count()));
        volume.Unlink("/f");
        Assert.Equal(freeBlocks, volume.Context.Blocks.FreeBlocksCount);
        TestVolume.AssertClean(volume.Unmount());
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void A_changed_map_and_size_are_noted_for_fdatasync_and_times_are_not()
    {
        var volume = new TestVolume(TestVolume.MakeImage("8M"));
        volume.Create("/f");
        volume.Run(async () =>
        {
            Inode inode = volume.Names.Resolve("/f");
            await volume.Context.Journal.CommitAsync(volume.Context.Journal.RunningTransaction);
            TransactionId before = inode.DataSyncTransaction;
            Handle handle = await volume.Context.Journal.StartAsync(10, "times");
            inode.ModifyTime = inode.Now();
            inode.MarkDirty(handle);
            Assert.Equal(handle.Transaction, inode.SyncTransaction);
            Assert.Equal(before, inode.DataSyncTransaction);
            inode.SizeBytes = 5;
            inode.MarkDirty(handle);
            Assert.Equal(before, inode.DataSyncTransaction);
            inode.DiskSizeBytes = 5;
            inode.MarkDirty(handle);
            Assert.Equal(handle.Transaction, inode.DataSyncTransaction);
            await handle.StopAsync();
            await volume.Inodes.ReleaseAsync(inode);
        });
    }
}
