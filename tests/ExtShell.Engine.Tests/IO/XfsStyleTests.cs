using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.IO;

/// <summary>What XfsStyle holds to, and what its switches show.</summary>
public sealed class XfsStyleTests
{
    private const int Block = 4096;
    private const int Sector = 512;

    [Theory]
    [InlineData(null, false)]
    [InlineData("InMemorySizeBeforeConversion", true)]
    public void InMemorySizeBeforeConversionShowsTheSizeOverZeroes(string? name, bool showsZeroes)
    {
        var schedule = new HeldSchedule("between the in-memory size and the conversion", "reader");
        using TestVolume host = NewHost(name, schedule);
        byte[] bytes = TestVolume.Bytes(1, Block);
        var read = new byte[Block];
        int count = 0;
        host.Machine.Run(async () =>
        {
            FileHandle file = await host.Volume.CreateAsync("f");
            bool isRunning = true;
            host.Machine.Spawn("reader", async () =>
            {
                while ((count = await file.ReadBufferedAsync(0, read)) == 0)
                    await host.Machine.Yield("nothing there yet");
                isRunning = false;
            });
            DirectIo io = await file.StartDirectAsync(0, bytes);
            await file.WaitDirectAsync(io);
            while (isRunning)
                await host.Machine.Yield("waiting for the reader");
        });
        Assert.Equal((name is not null, Block), (schedule.WasReached, count));
        Assert.Equal(showsZeroes ? new byte[Block] : bytes, read);
    }

    [Fact]
    public void AnExtendingAsynchronousWriteSharesTheLockAndReturns()
    {
        using TestVolume host = NewHost(null);
        using FileHandle file = host.Volume.Create("f");
        DirectIo io = file.StartDirect(0, TestVolume.Bytes(1, Block));
        Assert.False(io.IsAcknowledged);
        Assert.False(host.InodeOf(file).Lock.IsExclusivelyHeld);
        Assert.Equal(0, host.InodeOf(file).Lock.SharedCount);
        Assert.Equal(0, file.Stat().SizeBytes);
        Assert.Equal(MappingState.Unwritten, Assert.Single(file.GetExtents()).State);
        DirectIo behind = file.StartDirect(Block, TestVolume.Bytes(2, Block)); // begins behind the end: waits for the first
        Assert.True(io.IsAcknowledged);
        Assert.Equal(Block, file.Stat().SizeBytes);
        file.WaitDirect(behind);
        Assert.Equal(2 * Block, file.Stat().SizeBytes);
    }

    [Fact]
    public void OfTwoThatExtendTogetherTheLargerSizeStays()
    {
        using TestVolume host = NewHost(null, new NewestIoFirst());
        using FileHandle file = host.Volume.Create("f");
        DirectIo larger = file.StartDirect(0, TestVolume.Bytes(1, 3 * Block));
        DirectIo smaller = file.StartDirect(0, TestVolume.Bytes(1, Block));
        file.WaitDirect(larger);
        file.WaitDirect(smaller);
        file.Sync();
        host.Crash();
        using FileHandle again = host.Volume.Open("f");
        Assert.Equal(TestVolume.Bytes(1, 3 * Block), again.ReadDirect(0, 4 * Block));
    }

    [Fact]
    public void AppendsTakeTheirPlaceOneAfterTheOther()
    {
        using TestVolume host = NewHost(null);
        using FileHandle file = host.Volume.Create("f");
        EngineWrites.WriteEnd[] ends =
            [.. Enumerable.Range(1, 4).Select(i => host.Start(file, 0, TestVolume.Bytes(i, Block), isAppend: true))];
        host.Machine.RunUntilIdle();
        Assert.All(ends, static end => Assert.Equal((Block, Errno.None), (end.LengthBytes, end.Error)));
        for (int i = 0; i < 4; i++)
            Assert.Equal(TestVolume.Bytes(i + 1, Block), file.ReadDirect(i * Block, Block));
    }

    [Fact]
    public void WhatACutLeftBehindTheEndIsZeroWhenTheFileGrowsOverIt()
    {
        using TestVolume host = NewHost(null);
        FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, Sector));
        file.Sync();
        file.WriteDirect(Sector, TestVolume.Bytes(2, Sector)); // its data is there, its size is not committed
        host.Crash();
        using FileHandle again = host.Volume.Open("f");
        Assert.Equal(Sector, again.Stat().SizeBytes);
        again.WriteDirect(2 * Block, TestVolume.Bytes(3, Block));
        Assert.Equal(new byte[Block - Sector], again.ReadDirect(Sector, Block - Sector));
        again.Sync();
        host.Crash();
        Assert.Equal(new byte[Block - Sector], host.Volume.Open("f").ReadDirect(Sector, Block - Sector));
    }

    [Fact]
    public void AFailedExtensionLeavesUnwrittenBlocksAndNoSize()
    {
        using TestVolume host = NewHost(null);
        using FileHandle file = host.Volume.Create("f");
        host.Disk.FaultPlan = static bio => bio.Origin.Kind == ProvenanceKind.Data ? Errno.EIO : Errno.None;
        Assert.Equal(Errno.EIO, FileOperationTests.ErrorOf(() => file.WriteDirect(0, TestVolume.Bytes(1, Block))));
        host.Disk.FaultPlan = null;
        Assert.Equal(0, file.Stat().SizeBytes);
        Assert.Equal(MappingState.Unwritten, Assert.Single(file.GetExtents()).State);
        Assert.False(host.InodeOf(file).IsOrphan);
        file.Truncate(0);
        Assert.Empty(file.GetExtents());
    }

    [Fact]
    public void AWriteThatDoesNotWaitWantsBlocksThatAreWritten()
    {
        using TestVolume host = NewHost(null);
        using FileHandle file = host.Volume.Create("f");
        file.Fallocate(0, 4 * Block);
        Assert.Equal((0, Errno.EAGAIN), host.Write(file, 0, TestVolume.Bytes(1, Block), isNoWait: true));
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        Assert.Equal((Block, Errno.None), host.Write(file, 0, TestVolume.Bytes(2, Block), isNoWait: true));
        Assert.Equal((0, Errno.EAGAIN), host.Write(file, 8 * Block, TestVolume.Bytes(1, Block), isNoWait: true));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("NoOrphan", false)]
    [InlineData("FillHolesWritten", true)]
    public void FillHolesWrittenShowsOldContentWhileTheDataIsOnItsWay(string? name, bool showsOld)
    {
        using TestVolume host = NewHost(name);
        using FileHandle file = host.Volume.Create("f");
        file.Truncate(8 * Block);
        DirectIo io = file.StartDirect(2 * Block, TestVolume.Bytes(1, Block));
        Assert.Equal(showsOld, file.ReadBuffered(2 * Block, Block).AsSpan().IndexOfAnyExcept((byte)0) >= 0);
        file.WaitDirect(io);
        Assert.Equal(TestVolume.Bytes(1, Block), file.ReadBuffered(2 * Block, Block));
    }

    private static TestVolume NewHost(string? name, IScheduleStrategy? strategy = null) => new(
        8 << 20, options: new MountOptions { Protocol = "XfsStyle", Switches = name is null ? [] : [name] }, strategy: strategy);
}
