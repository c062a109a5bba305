using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.IO;

/// <summary>Each switch of Ext4CompletedIo2012 shows the defect that it stands for; without it the same steps show nothing.</summary>
public sealed class CompletedIo2012SwitchesTests
{
    private const int Block = 4096;

    [Theory]
    [InlineData("", false)]
    [InlineData("FlushSeesOnlyTheList", true)]
    public void Fsync_that_sees_only_the_list_misses_what_was_written_back_and_taken_off_it(string switches, bool isLost)
    {
        int lost = CountLost(switches, static async file =>
        {
            await file.WriteBufferedAsync(0, TestVolume.Bytes(1, Block));
            await file.SyncAsync();
        });
        Assert.Equal(isLost, lost > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("FlushSeesOnlyTheList")]
    public void Asynchronous_writes_are_acknowledged_after_their_conversion_whatever_flush_sees(string switches)
    {
        Assert.Equal(0, CountLost(switches, static async file =>
        {
            await file.WaitDirectAsync(await file.StartDirectAsync(0, TestVolume.Bytes(1, Block)));
            await file.SyncAsync();
        }));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("", 512)]
    [InlineData("FlushSeesOnlyTheList", 0)]
    [InlineData("FlushSeesOnlyTheList", 512)]
    public void Truncate_waits_for_asynchronous_writes_and_frees_every_block(string switches, long sizeBytes)
    {
        for (int seed = 1; seed <= 40; seed++)
        {
            using TestVolume host = NewHost(switches, new RandomSchedule(seed));
            FileHandle file = Preallocated(host, 8);
            host.Machine.Run(async () =>
            {
                DirectIo[] started = new DirectIo[4];
                for (int i = 0; i < started.Length; i++)
                    started[i] = await file.StartDirectAsync(2 * i * Block, TestVolume.Bytes(i, Block));
                await file.TruncateAsync(sizeBytes);
                foreach (DirectIo io in started)
                    await file.WaitDirectAsync(io);
            });
            Assert.Equal(
                (sizeBytes, sizeBytes == 0 ? 0 : 1), (file.Stat().SizeBytes, file.GetExtents().Sum(static run => run.LengthBlocks)));
        }
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("WorkerTriesInodeLock", true)]
    public void A_worker_that_only_tries_the_inode_lock_goes_on_for_ever(string switches, bool isFound)
    {
        using TestVolume host = NewHost(switches);
        FileHandle file = Preallocated(host, 4);
        DirectIo io = file.StartDirect(0, TestVolume.Bytes(1, Block));
        Exception? failure = Record.Exception(() => file.Truncate(0));
        Assert.Equal(isFound, failure is InvariantException);
        Assert.Equal(!isFound, io.IsAcknowledged && failure is null);
    }

    [Theory]
    [InlineData("", Errno.EIO, Errno.EIO)]
    [InlineData("PunchIgnoresFlush", Errno.None, Errno.EIO)]
    [InlineData("ErrorNotSticky", Errno.None, Errno.None)]
    public void After_a_conversion_failed_punch_does_nothing_and_fsync_tells(string switches, Errno punched, Errno synced)
    {
        using TestVolume host = NewHost(switches);
        FileHandle file = Preallocated(host, 8);
        using FileHandle other = host.Volume.Open("f");
        host.Volume.Io.Faults.FailConversions(Errno.EIO, file.Inode);
        DirectIo io = file.StartDirect(0, TestVolume.Bytes(1, Block));
        Assert.Equal(Errno.EIO, ErrorOf(() => file.WaitDirect(io)));
        Assert.Equal(punched, ErrorOf(() => file.Fallocate(0, 4 * Block, FallocateMode.PunchHole, keepSize: true)));
        Assert.Equal(punched == Errno.None ? 4 : 8, file.GetExtents().Sum(static run => run.LengthBlocks));
        Assert.Equal((synced, synced), (ErrorOf(() => file.Sync()), ErrorOf(() => other.Sync()))); // each open file is told
        Assert.Equal((Errno.None, Errno.None), (ErrorOf(() => file.Sync()), ErrorOf(() => other.Sync()))); // once
        Assert.Equal(Errno.None, ErrorOf(() => file.Fallocate(0, 4 * Block, FallocateMode.PunchHole, keepSize: true)));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("FillHolesWritten", true)]
    public void FillHolesWritten_shows_old_content_while_the_data_is_on_its_way(string switches, bool showsOld)
    {
        using TestVolume host = NewHost(switches);
        using FileHandle file = host.Volume.Create("f");
        file.Truncate(8 * Block);
        DirectIo io = file.StartDirect(2 * Block, TestVolume.Bytes(1, Block));
        Assert.Equal(showsOld, file.ReadBuffered(2 * Block, Block).AsSpan().IndexOfAnyExcept((byte)0) >= 0);
        file.WaitDirect(io);
        Assert.Equal(TestVolume.Bytes(1, Block), file.ReadBuffered(2 * Block, Block));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("NoOrphan", 3)]
    public void NoOrphan_leaves_written_blocks_past_the_end_after_a_cut(string switches, int blocksPastTheEnd)
    {
        var schedule = new DirectedSchedule();
        using TestVolume host = NewHost(switches, schedule);
        FileHandle file = host.Volume.Create("f");
        host.Volume.Sync();
        schedule.Holds = static (thread, _) => thread == "writer";
        host.Machine.Run(async () =>
        {
            host.Machine.Spawn("writer", async () => await file.WriteDirectAsync(0, TestVolume.Bytes(1, 3 * Block)));
            await new WaitCondition(host.Machine, WaitKind.Event, "the data to be in flight", () => host.Disk.PendingCount > 0).WaitAsync();
            await host.Volume.Context.Journal.CommitAsync(host.Volume.Context.Journal.RunningTransaction);
            host.Crash();
        });
        using FileHandle again = host.Volume.Open("f");
        Assert.Equal(0, again.Stat().SizeBytes);
        Assert.Equal(blocksPastTheEnd,
            again.GetExtents().Where(static run => run.State == MappingState.Written).Sum(static run => run.LengthBlocks));
    }

    [Fact]
    public void Direct_reads_and_writes_find_what_left_write_back_before_its_conversion()
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            using TestVolume host = NewHost("", new RandomSchedule(seed));
            FileHandle file = Preallocated(host, 4);
            var read = new byte[2 * Block];
            byte[] bytes = TestVolume.Bytes(1, 2 * Block);
            host.Machine.Run(async () =>
            {
                host.Machine.Spawn("syncer", async () => await file.SyncAsync());
                await file.WriteBufferedAsync(0, bytes);
                await file.WriteDirectAsync(512, TestVolume.Bytes(2, 512)); // into the middle of what is written back
                await file.ReadDirectAsync(0, read);
            });
            TestVolume.Bytes(2, 512).CopyTo(bytes, 512);
            Assert.Equal(bytes, read);
        }
    }

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4096, false)]
    [InlineData(1024, true)]
    [InlineData(1024, false)]
    public void Readers_find_what_left_write_back_and_was_dropped_before_its_conversion(int blockSizeBytes, bool writesBesideIt)
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            using TestVolume host = NewHost("", new RandomSchedule(seed), blockSizeBytes);
            FileHandle file = Preallocated(host, 4);
            byte[] bytes = TestVolume.Bytes(1, 2048);
            var read = new byte[2048];
            host.Machine.Run(async () =>
            {
                await file.WriteBufferedAsync(0, bytes);
                host.Machine.Spawn("syncer", async () => await file.SyncAsync());
                host.Machine.Spawn("pressure", async () =>
                {
                    for (int i = 0; i < 8; i++)
                    {
                        await host.Machine.Yield("pressure comes");
                        host.Volume.DropCaches();
                    }
                });
                if (writesBesideIt)
                    await file.WriteDirectAsync(2048, bytes); // drops the page when it is done
                else
                    await host.Machine.Yield("a reader comes");
                await file.ReadBufferedAsync(0, read);
            });
            Assert.Equal(bytes, read);
        }
    }

    [RequiresToolFact("e2fsck")]
    public void What_is_written_back_of_an_unlinked_file_is_converted_before_the_file_is_deleted()
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            using TestVolume host = NewHost("", new RandomSchedule(seed));
            FileHandle file = Preallocated(host, 4);
            host.Machine.Run(async () =>
            {
                await file.WriteBufferedAsync(0, TestVolume.Bytes(1, 2 * Block));
                host.Machine.Spawn("sync", async () => await host.Volume.SyncAsync());
                await host.Volume.UnlinkAsync("f");
                await file.CloseAsync();
            });
            host.Machine.RunUntilIdle();
            Assert.Null(host.Volume.Inodes.Find(file.Inode));
            host.Volume.Unmount();
            Assert.Equal(0, host.Check().ExitCode);
        }
    }

    /// <summary>How many of some random schedules lose the first block when the power fails after the steps.</summary>
    private static int CountLost(string switches, Func<FileHandle, ValueTask> steps)
    {
        int lost = 0;
        for (int seed = 1; seed <= 100; seed++)
        {
            using TestVolume host = NewHost(switches, new RandomSchedule(seed));
            FileHandle file = Preallocated(host, 4);
            host.Machine.Run(async () =>
            {
                await steps(file);
                host.Crash();
            });
            using FileHandle again = host.Volume.Open("f");
            if (!again.ReadDirect(0, Block).AsSpan().SequenceEqual(TestVolume.Bytes(1, Block)))
                lost++;
        }

        return lost;
    }

    private static Errno ErrorOf(Action action) => (Record.Exception(action) as FileSystemException)?.Errno ?? Errno.None;

    private static FileHandle Preallocated(TestVolume host, int lengthBlocks)
    {
        FileHandle file = host.Volume.Create("f");
        file.Fallocate(0, lengthBlocks * Block);
        host.Volume.Sync();
        return file;
    }

    private static TestVolume NewHost(string switches, IScheduleStrategy? schedule = null, int blockSizeBytes = Block) => new(
        8 << 20,
        blockSizeBytes: blockSizeBytes,
        options: new MountOptions
        {
            Protocol = "Ext4CompletedIo2012", Switches = switches.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        },
        strategy: schedule);
}
