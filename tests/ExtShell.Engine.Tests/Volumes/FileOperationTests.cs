using ExtShell.Engine.IO;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.Volumes;

public sealed class FileOperationTests
{
    private const int Block = 4096;

    [Fact]
    public void UnalignedDirectRequestIsRefused()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        Assert.Equal(Errno.EINVAL, ErrorOf(() => file.WriteDirect(100, new byte[512])));
        Assert.Equal(Errno.EINVAL, ErrorOf(() => file.WriteDirect(0, new byte[100])));
        file.WriteDirect(0, new byte[Block]);
        Assert.Equal(Errno.EINVAL, ErrorOf(() => file.ReadDirect(1, 512)));
        Assert.Empty(file.ReadDirect(Block + 1, 100)); // past the end Linux looks at nothing
    }

    [Fact]
    public void AsynchronousWriteReportsARefusalAtItsAcknowledgement()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        DirectIo io = file.StartDirect(100, new byte[512]);
        Assert.Equal(Errno.EINVAL, ErrorOf(() => file.WaitDirect(io)));
    }

    [Fact]
    public void SectorWriteLeavesZeroesAroundItInANewBlock()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        file.Fallocate(0, 2 * Block);
        byte[] bytes = TestVolume.Bytes(1, 512);
        file.WriteDirect(1024, bytes);
        file.WriteDirect((2 * Block) + 512, bytes);
        byte[] read = file.ReadDirect(0, 3 * Block);
        Assert.Equal((2 * Block) + 1024, read.Length);
        Assert.Equal(bytes, read[1024..1536]);
        Assert.Equal(bytes, read[((2 * Block) + 512)..]);
        Assert.Equal(read.Length - 1024, read.Count(static value => value == 0) - bytes.Count(static value => value == 0) * 2);
    }

    [Fact]
    public void DirectWriteIntoAHoleConvertsOnlyItsBlocks()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        file.Fallocate(0, 16 * Block);
        file.WriteDirect(4 * Block, TestVolume.Bytes(1, 2 * Block));
        Assert.Equal(
            [(0u, 4, MappingState.Unwritten), (4u, 2, MappingState.Written), (6u, 10, MappingState.Unwritten)],
            file.GetExtents().Select(static run => (run.LogicalBlock, run.LengthBlocks, run.State)));
    }

    [Fact]
    public void KeepSizeReservesBlocksBehindTheEnd()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        file.Fallocate(0, 8 * Block, keepSize: true);
        Assert.Equal((0L, 8L * Block), (file.Stat().SizeBytes, file.Stat().AllocatedBytes));
        file.WriteDirect(0, TestVolume.Bytes(1, Block), SyncKind.Sync);
        Assert.Equal((long)Block, file.Stat().SizeBytes);
        Assert.Equal(8L * Block, file.Stat().AllocatedBytes);
    }

    [Fact]
    public void TruncateLeavesZeroesBehindTheNewEnd()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, 2 * Block));
        file.Truncate(100);
        file.Truncate(2 * Block);
        Assert.True(file.ReadDirect(0, 2 * Block).AsSpan(100).IndexOfAnyExcept((byte)0) < 0);
        host.Volume.Sync();
        host.Crash();
        using FileHandle again = host.Volume.Open("f");
        Assert.True(again.ReadDirect(0, 2 * Block).AsSpan(100).IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void BufferedWriteToAFullVolumeFailsAtTheWrite()
    {
        using var host = new TestVolume(8 << 20, fill: false);
        using FileHandle file = host.Volume.Create("f");
        long written = 0;
        Errno error = Errno.None;
        var chunk = TestVolume.Bytes(1, 100_000);
        while (error == Errno.None)
        {
            try
            {
                long count = file.WriteBuffered(written, chunk);
                written += count;
                if (count < chunk.Length)
                    error = ErrorOf(() => file.WriteBuffered(written, chunk));
            }
            catch (FileSystemException full)
            {
                error = full.Errno;
            }
        }

        Assert.Equal(Errno.ENOSPC, error);
        file.Sync(); // what was taken can be written
        host.Volume.Sync();
        Assert.Equal(written, file.Stat().SizeBytes);
        host.Remount();
        using FileHandle again = host.Volume.Open("f");
        for (long at = 0; at < written; at += chunk.Length)
            Assert.Equal(chunk[..(int)Math.Min(chunk.Length, written - at)], again.ReadBuffered(at, chunk.Length));
    }

    [Fact]
    public void SpaceThatWasFreedCanBeHadAgain()
    {
        using var host = new TestVolume(8 << 20, fill: false);
        for (int round = 0; round < 4; round++)
        {
            using FileHandle file = host.Volume.Create("f");
            file.Fallocate(0, 2 << 20);
            file.WriteBuffered(2 << 20, TestVolume.Bytes(round, 1 << 19));
            file.Sync();
            host.Volume.Unlink("f");
        }
    }

    [Fact]
    public void ReservationsEndWithTheirPages()
    {
        using var host = new TestVolume();
        FileHandle file = host.Volume.Create("f");
        file.WriteBuffered(0, TestVolume.Bytes(1, 20 * Block));
        Assert.Equal(20, host.Volume.Context.Blocks.ReservedBlocksCount);
        file.Fallocate(0, 5 * Block);
        Assert.Equal(15, host.Volume.Context.Blocks.ReservedBlocksCount);
        file.WriteDirect(5 * Block, TestVolume.Bytes(2, 5 * Block));
        Assert.Equal(10, host.Volume.Context.Blocks.ReservedBlocksCount);
        file.Truncate(3 * Block);
        Assert.Equal(0, host.Volume.Context.Blocks.ReservedBlocksCount);
        file.WriteBuffered(40 * Block, TestVolume.Bytes(3, 2 * Block));
        Assert.Equal(2, host.Volume.Context.Blocks.ReservedBlocksCount);
        host.Volume.Unlink("f");
        file.Close();
        Assert.Equal(0, host.Volume.Context.Blocks.ReservedBlocksCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SectorWritesIntoOneUnwrittenBlockKeepBoth(bool beyondTheEnd)
    {
        for (int seed = 1; seed <= 30; seed++)
        {
            using var host = new TestVolume(8 << 20, strategy: new RandomSchedule(seed), fill: false);
            host.Machine.Run(async () =>
            {
                FileHandle file = await host.Volume.CreateAsync("f");
                await file.FallocateAsync(0, Block, keepSize: beyondTheEnd);
                int running = 3;
                byte[][] sectors = [TestVolume.Bytes(1, 512), TestVolume.Bytes(2, 512), TestVolume.Bytes(3, 1024)];
                for (int i = 0; i < 3; i++)
                {
                    int number = i;
                    host.Machine.Spawn($"writer {i}", async () =>
                    {
                        DirectIo io = await file.StartDirectAsync(number * 512, sectors[number]);
                        await file.WaitDirectAsync(io);
                        running--;
                    });
                }

                while (running > 0)
                    await host.Machine.Yield("waiting for writers");
                var read = new byte[2048];
                Assert.Equal(2048, await file.ReadDirectAsync(0, read));
                Assert.Equal(Convert.ToHexString([.. sectors[0], .. sectors[1], .. sectors[2]]), Convert.ToHexString(read));
            });
        }
    }

    [Fact]
    public void FullFallocateLeavesWhatItAllocated()
    {
        using var host = new TestVolume(8 << 20, fill: false);
        using FileHandle file = host.Volume.Create("f");
        Assert.Equal(Errno.ENOSPC, ErrorOf(() => file.Fallocate(0, 64 << 20)));
        InodeStatus status = file.Stat();
        Assert.True(status.AllocatedBytes > 0);
        Assert.Equal(file.GetExtents().Max(static run => run.EndLogicalBlock) * Block, status.SizeBytes);
        host.Volume.Unmount();
        host.AssertClean();
    }

    [Fact]
    public void FailedAppendLeavesNoBlocksBehindTheEnd()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        host.Disk.FaultPlan = static bio => bio.Origin.Kind == Devices.ProvenanceKind.Data ? Errno.EIO : Errno.None;
        Assert.Equal(Errno.EIO, ErrorOf(() => file.WriteDirect(Block, TestVolume.Bytes(2, 8 * Block))));
        host.Disk.FaultPlan = null;
        Assert.Equal((Block, (long)Block), ((int)file.Stat().SizeBytes, file.Stat().AllocatedBytes));
        host.Volume.Unmount();
        host.AssertClean();
    }

    [Fact]
    public void FailedWriteBackIsReportedByTheNextSyncAndStaysDirty()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        byte[] bytes = TestVolume.Bytes(1, 3 * Block);
        file.WriteBuffered(0, bytes);
        host.Disk.FaultPlan = static bio => bio.Origin.Kind == Devices.ProvenanceKind.Data ? Errno.EIO : Errno.None;
        Assert.Equal(Errno.EIO, ErrorOf(() => file.Sync()));
        host.Disk.FaultPlan = null;
        file.Sync();
        Assert.Equal(bytes, file.ReadDirect(0, 3 * Block));
    }

    [Fact]
    public void FailedAsynchronousWriteIsAcknowledgedWithItsError()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        file.Fallocate(0, 4 * Block);
        host.Disk.FaultPlan = static bio => bio.Origin.Kind == Devices.ProvenanceKind.Data ? Errno.EIO : Errno.None;
        DirectIo io = file.StartDirect(0, TestVolume.Bytes(1, Block));
        Assert.Equal(Errno.EIO, ErrorOf(() => file.WaitDirect(io)));
        host.Disk.FaultPlan = null;
        Assert.True(file.ReadDirect(0, Block).All(static value => value == 0));
    }

    [Fact]
    public void DamagedMapEndsWritesAndLeavesTheRestUsable()
    {
        using var host = new TestVolume();
        FileHandle file = host.Volume.Create("f");
        for (int i = 0; i < 6; i++) // more extents than the root holds
            file.WriteDirect(i * 2 * Block, TestVolume.Bytes(i, Block));
        uint number = file.Inode;
        file.Close();
        host.Remount();
        file = host.Volume.Open("f");
        Assert.Equal(number, file.Inode);
        long leaf = Format.OnDisk.ExtentHeader.SizeBytes;
        Engine.Inodes.Inode inode = host.Volume.Inodes.Get(number);
        long block = System.Runtime.InteropServices.MemoryMarshal.Read<Format.OnDisk.ExtentIndex>(inode.Root[(int)leaf..]).ChildBlock;
        host.Storage.Write((block * Block) + 100, [1, 2, 3]);
        Assert.Throws<CorruptionException>(() => file.WriteDirect(0, TestVolume.Bytes(1, Block)));
        DirectIo io = file.StartDirect(0, TestVolume.Bytes(1, Block));
        Assert.Equal(Errno.EUCLEAN, ErrorOf(() => file.WaitDirect(io)));
        using FileHandle other = host.Volume.Create("g");
        other.WriteDirect(0, TestVolume.Bytes(1, Block), SyncKind.Sync);
    }

    [Fact]
    public void UnlinkedFileLivesUntilItsLastClose()
    {
        using var host = new TestVolume();
        long free = host.Volume.GetStatistics().FreeBlocks;
        FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, 10 * Block));
        host.Volume.Unlink("f");
        Assert.False(host.Volume.Exists("f"));
        Assert.Equal(TestVolume.Bytes(1, 10 * Block), file.ReadDirect(0, 10 * Block));
        file.Close();
        Assert.Equal(free, host.Volume.GetStatistics().FreeBlocks);
    }

    [Fact]
    public void OrphansGoAtTheNextMount()
    {
        using var host = new TestVolume();
        long free = host.Volume.GetStatistics().FreeBlocks;
        FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, 10 * Block));
        host.Volume.Unlink("f");
        host.Volume.Sync();
        host.Crash();
        Assert.Equal(1, host.Volume.Orphans.DeletedCount);
        Assert.Equal(free, host.Volume.GetStatistics().FreeBlocks);
        host.Volume.Unmount();
        host.AssertClean();
    }

    [Fact]
    public void CloseWithAWriteInFlightKeepsTheFileUntilItsEnd()
    {
        using var host = new TestVolume();
        FileHandle file = host.Volume.Create("f");
        file.Fallocate(0, 4 * Block);
        DirectIo io = file.StartDirect(0, TestVolume.Bytes(1, 4 * Block));
        Assert.False(io.IsAcknowledged);
        host.Volume.Unlink("f");
        file.Close();
        host.Volume.Unmount();
        Assert.Equal((true, 4L * Block, Errno.None), (io.IsAcknowledged, io.Result, io.Error));
        host.AssertClean();
    }

    [Fact]
    public void AppendsGoToTheEndWhateverTheirOffset()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Open("f", OpenOptions.Create | OpenOptions.Append);
        byte[] bytes = TestVolume.Bytes(1, 3 * Block);
        file.WriteBuffered(0, bytes.AsMemory(0, Block));
        file.WriteDirect(0, bytes.AsMemory(Block, Block));
        file.WaitDirect(file.StartDirect(0, bytes.AsMemory(2 * Block)));
        Assert.Equal(bytes, file.ReadBuffered(0, 4 * Block));
        file.WriteBuffered(0, new byte[10]);
        Assert.Equal(Errno.EINVAL, ErrorOf(() => file.WriteDirect(0, new byte[Block])));
    }

    [Fact]
    public void ABufferedWriteCannotPromiseNotToWait()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        Assert.Equal(Errno.EOPNOTSUPP, ErrorOf(() => file.WriteBuffered(0, new byte[10], noWait: true)));
        Assert.Equal(Errno.EAGAIN, ErrorOf(() => file.WriteDirect(0, new byte[Block], noWait: true)));
        file.WriteDirect(0, new byte[Block]);
        file.Sync();
        Assert.Equal(Block, file.WriteDirect(0, new byte[Block], noWait: true));
    }

    [Fact]
    public void ClosedAndReadOnlyHandlesAreRefused()
    {
        using var host = new TestVolume();
        FileHandle file = host.Volume.Create("f");
        file.Close();
        Assert.Equal(Errno.EBADF, ErrorOf(() => file.WriteDirect(0, new byte[Block])));
        using FileHandle reader = host.Volume.Open("f", OpenOptions.ReadOnly);
        Assert.Equal(Errno.EINVAL, ErrorOf(() => reader.Truncate(0)));
        Assert.Equal(Errno.EISDIR, ErrorOf(() => host.Volume.Open("/")));
        Assert.Equal(Errno.EEXIST, ErrorOf(() => host.Volume.Create("f")));
    }

    [Fact]
    public void EveryAwaitOfALoneCallerCompletesAtOnce()
    {
        using var host = new TestVolume();
        host.Machine.Run(() =>
        {
            FileHandle file = Completed(host.Volume.CreateAsync("f"));
            Completed(file.WriteDirectAsync(0, TestVolume.Bytes(1, 8 * Block), SyncKind.Sync));
            Completed(file.WriteBufferedAsync(100, TestVolume.Bytes(2, 9000)));
            Completed(file.FallocateAsync(0, 1 << 20));
            Completed(file.WaitDirectAsync(Completed(file.StartDirectAsync(10 * Block, TestVolume.Bytes(3, Block), SyncKind.DataSync))));
            Completed(file.SyncAsync());
            Completed(file.TruncateAsync(5000));
            Completed(file.ReadDirectAsync(0, new byte[Block]));
            Completed(file.ReadBufferedAsync(0, new byte[Block]));
            Completed(host.Volume.UnlinkAsync("f"));
            Completed(file.CloseAsync());
            Completed(host.Volume.SyncAsync());
            Completed(host.Volume.UnmountAsync());
            return default;
        });
    }

    [Fact]
    public void TruncateDuringAsynchronousWritesLeavesAnEmptyFileAndNoBlocks()
    {
        for (int seed = 1; seed <= 30; seed++)
        {
            using var host = new TestVolume(32 << 20, strategy: new RandomSchedule(seed), fill: false);
            long free = host.Volume.GetStatistics().FreeBlocks;
            host.Machine.Run(async () =>
            {
                FileHandle file = await host.Volume.CreateAsync("f");
                await file.FallocateAsync(0, 4 << 20);
                var random = new Random(seed);
                var writes = new List<DirectIo>();
                for (int i = 0; i < 12; i++)
                    writes.Add(await file.StartDirectAsync(random.Next(256) * 4 * Block,
                        TestVolume.Bytes(i, i % 2 == 0 ? Block : 16 * Block)));
                await file.TruncateAsync(0);
                foreach (DirectIo write in writes)
                    Assert.True(write.IsAcknowledged);
                Assert.Equal((0L, 0L), ((await file.StatAsync()).SizeBytes, (await file.StatAsync()).AllocatedBytes));
                await file.CloseAsync();
            });
            host.Volume.Sync();
            Assert.Equal(free, host.Volume.GetStatistics().FreeBlocks);
            host.Volume.Unmount();
        }
    }

    internal static Errno ErrorOf(Action action) => Assert.Throws<FileSystemException>(action).Errno;

    private static void Completed(ValueTask task)
    {
        Assert.True(task.IsCompletedSuccessfully);
        task.GetAwaiter().GetResult();
    }

    private static T Completed<T>(ValueTask<T> task)
    {
        Assert.True(task.IsCompletedSuccessfully);
        return task.GetAwaiter().GetResult();
    }
}
