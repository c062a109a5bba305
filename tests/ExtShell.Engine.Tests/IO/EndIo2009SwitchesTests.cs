using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.IO;

/// <summary>Each switch of Ext4EndIo2009 shows the defect that it stands for; without it the same steps show nothing.</summary>
public sealed class EndIo2009SwitchesTests
{
    private const int Block = 4096;

    [Theory]
    [InlineData("", false)]
    [InlineData("AckBeforeConversion", false)]
    [InlineData("FsyncIgnoresQueue", false)]
    [InlineData("AckBeforeConversion FsyncIgnoresQueue", true)]
    public void Fsync_that_ignores_the_queue_loses_what_was_acknowledged_before_its_conversion(string switches, bool isLost)
    {
        var schedule = new DirectedSchedule();
        using TestVolume host = NewHost(switches, schedule);
        FileHandle file = Preallocated(host, 4);
        schedule.HoldWorker();
        host.Machine.Run(async () =>
        {
            await file.WaitDirectAsync(await file.StartDirectAsync(Block, TestVolume.Bytes(1, Block)));
            await file.SyncAsync();
            host.Crash();
        });
        AssertContent(host, Block, isLost ? new byte[Block] : TestVolume.Bytes(1, Block));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("AckBeforeConversion", true)]
    public void A_read_after_an_acknowledgement_before_the_conversion_gives_zeroes(string switches, bool readsZeroes)
    {
        var schedule = new DirectedSchedule();
        using TestVolume host = NewHost(switches, schedule);
        FileHandle file = Preallocated(host, 4);
        schedule.HoldWorker();
        var read = new byte[Block];
        host.Machine.Run(async () =>
        {
            await file.WaitDirectAsync(await file.StartDirectAsync(Block, TestVolume.Bytes(1, Block)));
            await file.ReadDirectAsync(Block, read);
        });
        Assert.Equal(readsZeroes ? new byte[Block] : TestVolume.Bytes(1, Block), read);
    }

    [Theory]
    [InlineData("", Errno.None, 0, 0)]
    [InlineData("CountDropsAtCompletion", Errno.EIO, 0, 0)]
    [InlineData("CountDropsAtCompletion:AllocatesAnew", Errno.None, 2 * Block, 2)]
    public void A_truncate_that_does_not_wait_for_the_conversion_frees_what_is_converted(
        string switches, Errno error, long sizeAfterCut, int blocksAfterTruncate)
    {
        var schedule = new DirectedSchedule();
        using TestVolume host = NewHost(switches, schedule);
        FileHandle file = host.Volume.Create("f");
        host.Volume.Sync();
        schedule.HoldWorker();
        DirectIo io = host.Machine.Run(async () =>
        {
            DirectIo io = await file.StartDirectAsync(0, TestVolume.Bytes(1, 2 * Block));
            await file.TruncateAsync(0);
            return io;
        });
        schedule.HoldNothing();
        host.Machine.RunUntilIdle();
        Assert.Equal((true, error), (io.IsAcknowledged, io.Error));
        Assert.Equal(blocksAfterTruncate, file.GetExtents().Sum(static run => run.LengthBlocks));
        Assert.Equal(error, ErrorOf(() => file.Sync()));
        host.Volume.Sync();
        host.Crash();
        Assert.Equal(sizeAfterCut, host.Volume.Stat("f").SizeBytes);
    }

    [Theory]
    [InlineData("", 512)]
    [InlineData("CountDropsAtCompletion", Block)]
    public void A_truncate_that_does_not_wait_for_the_conversion_is_undone(string switches, long sizeAfterCut)
    {
        var schedule = new DirectedSchedule();
        using TestVolume host = NewHost(switches, schedule);
        FileHandle file = host.Volume.Create("f");
        host.Volume.Sync();
        schedule.HoldWorker();
        host.Machine.Run(async () =>
        {
            await file.StartDirectAsync(0, TestVolume.Bytes(1, Block));
            await file.TruncateAsync(512);
        });
        Assert.Equal(512, file.Stat().SizeBytes);
        schedule.HoldNothing();
        host.Machine.RunUntilIdle();
        host.Volume.Sync();
        host.Crash();
        Assert.Equal(sizeAfterCut, host.Volume.Stat("f").SizeBytes);
    }

    [Theory]
    [InlineData("", 512)]
    [InlineData("SetattrWithoutMappingLock", 512)]
    [InlineData("SetattrWithoutMappingLock CountDropsAtCompletion", Block)]
    public void A_disk_size_that_is_stored_after_setattr_stored_its_own_undoes_the_truncate(string switches, long sizeAfterCut)
    {
        var schedule = new DirectedSchedule();
        using TestVolume host = NewHost(switches, schedule);
        FileHandle file = host.Volume.Create("f");
        host.Volume.Sync();
        schedule.HoldAt("storing the disk size");
        host.Machine.Run(async () =>
        {
            DirectIo io = await file.StartDirectAsync(0, TestVolume.Bytes(1, Block));
            await new WaitCondition(host.Machine, WaitKind.Event, "the worker to have compared", () => io.IsAcknowledged
                || host.Machine.Threads.Any(
                    static thread => thread.WaitingFor?.Describe() == "storing the disk size that was compared")).WaitAsync();
            await file.TruncateAsync(512);
            await file.SyncAsync();
        });
        host.Crash();
        Assert.Equal(sizeAfterCut, host.Volume.Stat("f").SizeBytes);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("AckBeforeConversion", false)]
    [InlineData("ItemHoldsNoInode", false)]
    [InlineData("ItemHoldsNoInode AckBeforeConversion", true)]
    public void An_item_without_a_reference_converts_an_inode_that_is_gone(string switches, bool isFound)
    {
        var schedule = new DirectedSchedule();
        using TestVolume host = NewHost(switches, schedule);
        FileHandle file = Preallocated(host, 4);
        schedule.HoldWorker();
        Exception? failure = Record.Exception(() =>
        {
            host.Machine.Run(async () =>
            {
                await file.WaitDirectAsync(await file.StartDirectAsync(0, TestVolume.Bytes(1, Block)));
                await host.Volume.UnlinkAsync("f");
                await file.CloseAsync();
            });
            host.Machine.RunUntilIdle();
        });
        if (isFound)
            Assert.IsType<EvictedInodeException>(failure);
        else
            Assert.Null(failure);
        if (isFound)
            return;
        Assert.Null(host.Volume.Inodes.Find(file.Inode)); // the worker's reference was the last one, and it has deleted the file
        host.Volume.Unmount();
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("EndIoInInterrupt", true)]
    public void A_callback_that_waits_is_named(string switches, bool isFound)
    {
        using TestVolume host = NewHost(switches);
        FileHandle file = Preallocated(host, 4);
        Exception? failure = Record.Exception(() => file.WaitDirect(file.StartDirect(0, TestVolume.Bytes(1, Block))));
        Assert.Equal(isFound ? "direct completions to drain" : null, (failure as InterruptContextException)?.WaitedFor);
        Assert.Equal(isFound, failure is not null);
    }

    [Theory]
    [InlineData("", Errno.ENOSPC, Errno.None, 0)]
    [InlineData("NoSplitAtMap", Errno.ENOSPC, Errno.ENOSPC, 0)]
    [InlineData("NoSplitAtMap AckBeforeConversion", Errno.None, Errno.ENOSPC, 0)]
    [InlineData("NoSplitAtMap AckBeforeConversion ConversionErrorDropped", Errno.None, Errno.None, 0)]
    [InlineData("NoSplitAtMap:ZeroOut AckBeforeConversion ConversionErrorDropped", Errno.None, Errno.None, 10)]
    public void Where_a_conversion_must_split_on_a_full_volume_data_is_lost_and_nobody_is_told(
        string switches, Errno written, Errno synced, int writtenBlocks)
    {
        using TestVolume host = NewHost(switches);
        using FileHandle file = host.Volume.Create("f");
        for (int i = 0; i < 4; i++) // the root has room for four extents
            file.Fallocate(i * 20 * Block, 10 * Block);
        file.Sync();
        FullVolume.Fill(host);
        DirectIo io = file.StartDirect(5 * Block, TestVolume.Bytes(1, Block));
        Assert.Equal(written, ErrorOf(() => file.WaitDirect(io)));
        Assert.Equal(synced, ErrorOf(() => file.Sync()));
        Assert.Equal(Errno.None, ErrorOf(() => file.Sync()));
        Assert.Equal(new byte[10 * Block], file.ReadDirect(0, 10 * Block));
        Assert.Equal(
            writtenBlocks, file.GetExtents().Where(static run => run.State == MappingState.Written).Sum(static run => run.LengthBlocks));
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
    public void NoOrphan_leaves_unwritten_blocks_past_the_end_after_a_cut(string switches, int blocksPastTheEnd)
    {
        using TestVolume host = NewHost(switches);
        FileHandle file = host.Volume.Create("f");
        host.Volume.Sync();
        file.StartDirect(0, TestVolume.Bytes(1, 3 * Block));
        host.Machine.Run(async () => await host.Volume.Context.Journal.CommitAsync(host.Volume.Context.Journal.RunningTransaction));
        host.Crash();
        using FileHandle again = host.Volume.Open("f");
        Assert.Equal(0, again.Stat().SizeBytes);
        Assert.Equal(blocksPastTheEnd,
            again.GetExtents().Where(static run => run.State == MappingState.Unwritten).Sum(static run => run.LengthBlocks));
    }

    [Fact]
    public void Readers_see_the_end_of_an_asynchronous_append_at_once_and_fsync_waits_for_its_data()
    {
        using TestVolume host = NewHost("");
        FileHandle file = host.Volume.Create("f");
        file.StartDirect(0, TestVolume.Bytes(1, 3 * Block));
        Assert.Equal(3 * Block, file.Stat().SizeBytes);
        Assert.Equal(new byte[Block], file.ReadBuffered(0, Block));
        file.Sync();
        host.Crash();
        AssertContent(host, 0, TestVolume.Bytes(1, 3 * Block));
    }

    [RequiresToolFact("e2fsck")]
    public void A_failed_append_leaves_nothing_where_it_was_waited_for_and_zeroes_where_it_was_seen()
    {
        using TestVolume host = NewHost("");
        FileHandle file = host.Volume.Create("f");
        host.Disk.FaultPlan = static bio =>
            bio is { Operation: BioOperation.Write, Origin.Kind: ProvenanceKind.Data } ? Errno.EIO : Errno.None;
        Assert.Equal(Errno.EIO, ErrorOf(() => file.WriteDirect(0, TestVolume.Bytes(1, Block))));
        Assert.Equal((0L, 0), (file.Stat().SizeBytes, file.GetExtents().Count));
        DirectIo io = file.StartDirect(0, TestVolume.Bytes(1, Block));
        Assert.Equal(Errno.EIO, ErrorOf(() => file.WaitDirect(io)));
        host.Disk.FaultPlan = null;
        file.Sync();
        host.Crash();
        AssertContent(host, 0, new byte[Block]);
        host.Volume.Unmount();
        Assert.Equal(0, host.Check().ExitCode);
    }

    private static Errno ErrorOf(Action action) => (Record.Exception(action) as FileSystemException)?.Errno ?? Errno.None;

    private static FileHandle Preallocated(TestVolume host, int lengthBlocks)
    {
        FileHandle file = host.Volume.Create("f");
        file.Fallocate(0, lengthBlocks * Block);
        host.Volume.Sync();
        return file;
    }

    private static void AssertContent(TestVolume host, long offsetBytes, byte[] expected)
    {
        using FileHandle file = host.Volume.Open("f");
        Assert.Equal(expected, file.ReadDirect(offsetBytes, expected.Length));
    }

    private static TestVolume NewHost(string switches, IScheduleStrategy? schedule = null) => new(
        8 << 20,
        options: new MountOptions { Protocol = "Ext4EndIo2009", Switches = switches.Split(' ', StringSplitOptions.RemoveEmptyEntries) },
        strategy: schedule);
}
