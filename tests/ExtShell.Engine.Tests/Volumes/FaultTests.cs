using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Volumes;

/// <summary>Failures that are asked for, and who is told of them.</summary>
public sealed class FaultTests
{
    private const int Block = 4096;

    [Fact]
    public void AWriteBackErrorIsReportedOnceToEachOpenFile()
    {
        using var host = new TestVolume();
        using FileHandle first = host.Volume.Create("f");
        using FileHandle second = host.Volume.Open("f");
        first.WriteBuffered(0, TestVolume.Bytes(1, Block));
        Fail(host, new DeviceFault { Operation = BioOperation.Write, Inode = first.Inode });
        Assert.Equal(Errno.EIO, ErrorOf(() => first.Sync()));
        first.Sync();
        using FileHandle third = host.Volume.Open("f");
        third.Sync(); // it was opened when the error had been reported
        Assert.Equal(Errno.EIO, ErrorOf(() => second.Sync()));
        second.Sync();
    }

    [Fact]
    public void AnErrorThatNobodyWasToldOfIsReportedToTheNextWhoOpens()
    {
        using var host = new TestVolume();
        FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        file.WriteBuffered(0, TestVolume.Bytes(2, Block));
        Fail(host, new DeviceFault { Operation = BioOperation.Write, Inode = file.Inode });
        Assert.Equal(Errno.EIO, ErrorOf(() => host.Volume.Sync()));
        file.Close();
        using FileHandle next = host.Volume.Open("f");
        Assert.Equal(Errno.EIO, ErrorOf(() => next.Sync()));
        next.Sync();
    }

    [Fact]
    public void AnUnmountThatLosesDataSaysSoAndUnmounts()
    {
        using var host = new TestVolume(1 << 20, options: MountOptions.Default with { Protocol = "Ext3Indirect" }, type: VolumeType.Ext2);
        using FileHandle full = host.Volume.Create("full");
        // its indirect blocks find no place
        full.WriteBuffered(0, TestVolume.Bytes(1, (int)host.Volume.GetStatistics().FreeBlocks * Block));
        Assert.Equal(Errno.ENOSPC, ErrorOf(() => host.Volume.Unmount()));
        Assert.False(host.Volume.IsMounted);
        Assert.True(ImageChecker.Check(new StorageSource(host.Storage)).IsClean);
        host.Mount();
        Assert.True(host.Volume.Exists("full"));
    }

    [Theory]
    [MemberData(nameof(DiskProtocols))]
    public void AConversionThatFailedBehindEverybodysBackIsReportedBySyncfsOnceAndByUnmount(string protocol)
    {
        using var host = new TestVolume(options: MountOptions.Default with { Protocol = protocol });
        using (FileHandle file = FailedConversion(host))
        {
            Assert.Equal(Errno.EIO, ErrorOf(() => host.Volume.Sync()));
            host.Volume.Sync();
            Assert.Equal(Errno.EIO, ErrorOf(() => file.Sync())); // the file was not told
        }

        using (FileHandle file = FailedConversion(host))
        {
            Assert.Equal(Errno.EIO, ErrorOf(() => file.Sync()));
            Assert.Equal(Errno.EIO, ErrorOf(() => host.Volume.Sync())); // and this is the volume's
        }

        FailedConversion(host).Close();
        host.Volume.DropCaches();
        Assert.Equal(Errno.EIO, ErrorOf(() => host.Volume.Unmount()));
        Assert.False(host.Volume.IsMounted);
    }

    public static TheoryData<string> DiskProtocols() =>
        [.. WriteProtocols.All.Where(static protocol => protocol.DataPath == DataPath.Bios).Select(static protocol => protocol.Name)];

    /// <summary>
    /// Writes a page back into preallocated blocks, whose conversion fails, and then once more; the worker alone is told.
    /// </summary>
    private static FileHandle FailedConversion(TestVolume host)
    {
        FileHandle file = host.Volume.Open("f", OpenOptions.Create);
        file.Fallocate(0, 4 * Block, FallocateMode.ZeroRange);
        file.WriteBuffered(0, TestVolume.Bytes(1, Block));
        host.Volume.Faults.FailConversions(Errno.EIO, file.Inode);
        Engine.Inodes.Inode inode = host.Volume.Inodes.Live().Single(inode => inode.Number == file.Inode);
        host.Machine.Run(() => host.Volume.Files.WriteBack.WriteAsync(inode, 0, Block));
        host.Machine.Run(async () => await host.Volume.Io.WriteBackCompletions.FlushAsync());
        host.Machine.Run(() => host.Volume.Files.WriteBack.WriteAsync(inode, 0, Block));
        host.Machine.Run(async () => await host.Volume.Io.WriteBackCompletions.FlushAsync());
        return file;
    }

    [Fact]
    public void AFailedConversionIsTheWritesAndChangesNothing()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        file.Fallocate(0, 4 * Block);
        host.Volume.Faults.FailConversions(Errno.EIO, file.Inode);
        Assert.Equal(Errno.EIO, ErrorOf(() => file.WriteDirect(0, TestVolume.Bytes(1, Block))));
        Assert.Equal(new byte[Block], file.ReadBuffered(0, Block));
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        Assert.Equal(TestVolume.Bytes(1, Block), file.ReadBuffered(0, Block));
    }

    [Fact]
    public void APrivilegeErrorRefusesTheWriteOfThatInodeAlone()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        using FileHandle other = host.Volume.Create("g");
        host.Volume.Faults.FailPrivileges(Errno.EACCES, file.Inode, times: 2);
        other.WriteDirect(0, new byte[Block]);
        Assert.Equal(Errno.EACCES, ErrorOf(() => file.WriteDirect(0, new byte[Block])));
        Assert.Equal(Errno.EACCES, ErrorOf(() => file.WriteBuffered(0, new byte[Block])));
        Assert.Equal(Block, file.WriteDirect(0, new byte[Block]));
    }

    [RequiresToolFact("e2fsck")]
    public void AFullVolumeHasWhatIsLeftAndAllOfItAfterwards()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("f");
        file.WriteBuffered(0, TestVolume.Bytes(1, 3 * Block));
        host.Volume.Context.Blocks.WithholdFreeBlocks(2);
        Assert.Equal(2 * Block, file.WriteBuffered(8 * Block, new byte[5 * Block]));
        Assert.Equal(Errno.ENOSPC, ErrorOf(() => file.WriteDirect(20 * Block, new byte[Block])));
        file.Sync(); // what delayed allocation was promised is there
        host.Volume.Context.Blocks.GiveBack();
        file.WriteDirect(20 * Block, new byte[Block]);
        host.Volume.Unmount();
        (int exitCode, string output) = host.Check();
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void DroppedCachesAreReadAgain()
    {
        using var host = new TestVolume();
        FileHandle file = host.Volume.Create("f");
        byte[] bytes = TestVolume.Bytes(1, 3 * Block);
        file.WriteBuffered(0, bytes);
        file.Sync();
        file.WriteBuffered(Block, TestVolume.Bytes(2, Block));
        host.Volume.DropCaches();
        TestVolume.Bytes(2, Block).CopyTo(bytes, Block);
        Assert.Equal(bytes, file.ReadBuffered(0, bytes.Length));
        file.Sync();
        file.Close();
        host.Volume.DropCaches();
        using FileHandle again = host.Volume.Open("f");
        Assert.Equal(bytes, again.ReadBuffered(0, bytes.Length));
    }

    [Theory]
    [InlineData(ShutdownKind.Flush, true)]
    [InlineData(ShutdownKind.LogFlush, false)]
    [InlineData(ShutdownKind.NoLogFlush, false)]
    public void AfterAShutdownEveryCallIsAnInputOutputErrorAndUnmountWorks(ShutdownKind kind, bool keepsData)
    {
        using var host = new TestVolume();
        FileHandle file = host.Volume.Create("f");
        file.Sync();
        byte[] bytes = TestVolume.Bytes(1, Block);
        file.WriteBuffered(0, bytes);
        DirectIo io = file.StartDirect(8 * Block, bytes);
        host.Volume.Shutdown(kind);
        Assert.True(io.IsAcknowledged || ErrorOf(() => file.WaitDirect(io)) == Errno.EIO);
        Assert.Equal(Errno.EIO, ErrorOf(() => file.WriteBuffered(0, bytes)));
        Assert.Equal(Errno.EIO, ErrorOf(() => file.WriteDirect(0, bytes)));
        Assert.Equal(Errno.EIO, ErrorOf(() => file.ReadBuffered(0, Block)));
        Assert.Equal(Errno.EIO, ErrorOf(() => file.Sync()));
        Assert.Equal(Errno.EIO, ErrorOf(() => file.Truncate(0)));
        Assert.Equal(Errno.EIO, ErrorOf(() => file.Fallocate(0, Block)));
        Assert.Equal(Errno.EIO, ErrorOf(() => host.Volume.Create("g")));
        Assert.Equal(Errno.EIO, ErrorOf(() => host.Volume.Unlink("f")));
        Assert.Equal(Errno.EIO, ErrorOf(() => host.Volume.Sync()));
        host.Volume.Unmount();
        host.Mount();
        using FileHandle again = host.Volume.Open("f");
        Assert.Equal(keepsData, again.ReadBuffered(0, Block).AsSpan().SequenceEqual(bytes));
    }

    private static void Fail(TestVolume host, DeviceFault fault)
    {
        var faults = new DeviceFaults();
        faults.Add(fault);
        host.Disk.FaultPlan = faults.Decide;
    }

    private static Errno ErrorOf(Action action) => Assert.Throws<FileSystemException>(action).Errno;
}
