using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.IO;

/// <summary>Each switch of Ext4Iomap2023 shows the defect that it stands for; without it the same steps show nothing.</summary>
public sealed class Iomap2023SwitchesTests
{
    private const int Block = 4096;

    [Theory]
    [InlineData(null, 2 * Block)]
    [InlineData("ExtendAfterSync", Block)]
    [InlineData("ExtendAfterSync:BothSizesLate", Block)]
    [InlineData("ExtendAfterSync:DiskSizeLate", Block)]
    public void ExtendAfterSyncLosesTheSizeOfAnAcknowledgedAppend(string? name, long sizeAfterCut)
    {
        using var host = NewHost(name);
        FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, Block), SyncKind.Sync);
        file.Sync();
        file.WriteDirect(Block, TestVolume.Bytes(2, Block), SyncKind.DataSync);
        Assert.Equal(2L * Block, file.Stat().SizeBytes);
        host.Crash();
        Assert.Equal(sizeAfterCut, host.Volume.Stat("f").SizeBytes);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("FuaSkipsSync", true)]
    public void FuaSkipsSyncLeavesTheConversionInMemory(string? name, bool readsZeroes)
    {
        using var host = NewHost(name, new DeviceTraits(HasVolatileCache: true, HasFua: true));
        FileHandle file = host.Volume.Create("f");
        file.Fallocate(0, 4 * Block);
        file.Sync();
        byte[] bytes = TestVolume.Bytes(1, Block);
        file.WriteDirect(0, bytes, SyncKind.DataSync);
        host.Crash();
        using FileHandle again = host.Volume.Open("f");
        Assert.Equal(readsZeroes ? new byte[Block] : bytes, again.ReadDirect(0, Block));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("FillHolesWritten", true)]
    public void FillHolesWrittenShowsOldContentWhileTheDataIsOnItsWay(string? name, bool showsOld)
    {
        using var host = NewHost(name);
        using FileHandle file = host.Volume.Create("f");
        file.Truncate(8 * Block);
        DirectIo io = file.StartDirect(2 * Block, TestVolume.Bytes(1, Block));
        Assert.False(io.IsAcknowledged);
        byte[] read = file.ReadBuffered(2 * Block, Block);
        Assert.Equal(showsOld, read.AsSpan().IndexOfAnyExcept((byte)0) >= 0);
        file.WaitDirect(io);
        Assert.Equal(TestVolume.Bytes(1, Block), file.ReadBuffered(2 * Block, Block));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("InvalidateBeforeConvert", true)]
    public void InvalidateBeforeConvertLeavesZeroesInThePageCache(string? name, bool isExpected)
    {
        int staleReads = 0;
        for (int seed = 1; seed <= 150; seed++)
        {
            using var host = NewHost(name, strategy: new RandomSchedule(seed));
            host.Machine.Run(async () =>
            {
                FileHandle file = await host.Volume.CreateAsync("f");
                await file.FallocateAsync(0, 4 * Block);
                int running = 1;
                host.Machine.Spawn("reader", async () =>
                {
                    for (int i = 0; i < 8; i++)
                    {
                        await file.ReadBufferedAsync(0, new byte[Block]);
                        await host.Machine.Yield("between reads");
                    }

                    running--;
                });
                byte[] bytes = TestVolume.Bytes(1, Block);
                await file.WriteDirectAsync(0, bytes);
                var read = new byte[Block];
                await file.ReadBufferedAsync(0, read);
                if (!read.AsSpan().SequenceEqual(bytes))
                    staleReads++;
                while (running > 0)
                    await host.Machine.Yield("waiting for the reader");
            });
        }

        Assert.Equal(isExpected, staleReads > 0);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("NoOrphan", true)]
    public void NoOrphanLeavesBlocksPastTheEndAfterACut(string? name, bool isExpected)
    {
        int cutsWithBlocksPastTheEnd = 0;
        for (int seed = 1; seed <= 40; seed++)
        {
            using var host = NewHost(name, strategy: new RandomSchedule(seed));
            var cuts = new List<PagedMemory>();
            host.Machine.Run(async () =>
            {
                FileHandle file = await host.Volume.CreateAsync("f");
                await host.Volume.SyncAsync();
                host.Disk.FaultPlan = bio =>
                {
                    if (bio.Operation == BioOperation.Flush)
                        cuts.Add(host.Storage.Snapshot());
                    return Errno.None;
                };
                int running = 1;
                host.Machine.Spawn("syncer", async () =>
                {
                    await host.Volume.SyncAsync();
                    running--;
                });
                await file.WriteDirectAsync(0, TestVolume.Bytes(seed, 3 * Block));
                while (running > 0)
                    await host.Machine.Yield("waiting for the syncer");
                await host.Volume.SyncAsync();
            });
            cutsWithBlocksPastTheEnd += cuts.Count(HasBlocksPastTheEnd);
        }

        Assert.Equal(isExpected, cutsWithBlocksPastTheEnd > 0);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("ZeroOutMarksWhole", true)]
    public void ZeroOutMarksWholeShowsTheHeadOfTheExtent(string? name, bool showsOld)
    {
        using var host = NewHost(name);
        using FileHandle file = host.Volume.Create("f");
        for (int i = 0; i < 4; i++) // the root has room for four extents
            file.Fallocate(i * 20 * Block, 10 * Block);
        FullVolume.Fill(host);
        Errno error = Errno.None;
        try
        {
            file.WriteDirect(5 * Block, TestVolume.Bytes(1, Block));
        }
        catch (FileSystemException full)
        {
            error = full.Errno;
        }

        Assert.Equal(showsOld ? Errno.None : Errno.ENOSPC, error);
        Assert.Equal(showsOld, file.ReadDirect(0, 5 * Block).AsSpan().IndexOfAnyExcept((byte)0) >= 0);
        Assert.True(file.ReadDirect(6 * Block, 4 * Block).AsSpan().IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void UnknownProtocolsAndSwitchesAreNamed()
    {
        Assert.Equal(Errno.EINVAL, FileOperationTests.ErrorOf(static () => NewHost("NoSuchSwitch").Dispose()));
        Assert.Equal(Errno.EINVAL, FileOperationTests.ErrorOf(static () =>
            new TestVolume(options: new MountOptions { Protocol = "None" }).Dispose()));
        Assert.Contains("NoOrphan", WriteProtocols.SwitchesOf("Ext4Iomap2023"));
    }

    private static bool HasBlocksPastTheEnd(PagedMemory cut)
    {
        var machine = new Kernel.Machine();
        Volume volume = Volume.Mount(machine, new SimulatedDisk(machine, cut.Snapshot(), new DeviceTraits(HasVolatileCache: true)));
        using FileHandle file = volume.Open("f");
        long size = file.Stat().SizeBytes;
        return file.GetExtents().Any(run => run.EndLogicalBlock * Block > size && run.State == MappingState.Written);
    }

    private static TestVolume NewHost(string? name, DeviceTraits? traits = null, RandomSchedule? strategy = null) =>
        new(8 << 20, options: new MountOptions { Switches = name is null ? [] : [name] }, traits: traits, strategy: strategy);
}
