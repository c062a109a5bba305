using ExtShell.Engine.Inodes;
using ExtShell.Engine.Allocation;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Tests.IO;

/// <summary>Each switch of Ext4Iomap2019 shows the defect that it stands for; without it the same steps show nothing.</summary>
public sealed class Iomap2019SwitchesTests
{
    private const int Block = 4096;
    private const int Sector = 512;

    [Theory]
    [InlineData(null, 3 * Block)]
    [InlineData("OffsetBeforeChecks", 2 * Block)]
    public void OffsetBeforeChecksLetsTwoAppendsMeet(string? name, long size)
    {
        using TestVolume host = NewHost(name);
        using FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        EngineWrites.WriteEnd first = host.Start(file, 0, TestVolume.Bytes(2, Block), isAppend: true);
        EngineWrites.WriteEnd second = host.Start(file, 0, TestVolume.Bytes(3, Block), isAppend: true);
        host.Machine.RunUntilIdle();
        Assert.Equal((Block, Block), (first.LengthBytes, second.LengthBytes));
        Assert.Equal(size, file.Stat().SizeBytes);
        Assert.Equal(TestVolume.Bytes(3, Block), file.ReadDirect(size - Block, Block));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("UnalignedNotSerialised")]
    public void UnalignedNotSerialisedLetsZeroesWinOverAnUnalignedNeighbour(string? name)
    {
        using TestVolume host = NewHost(name);
        AssertBothStay(host, 4 * Block, (0, Sector), (Sector, Sector), name is null);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("UnalignedNotSerialised")]
    public void UnalignedNotSerialisedLetsZeroesWinOverAnAlignedWriteBehindIt(string? name)
    {
        using TestVolume host = NewHost(name, strategy: new NewestIoFirst());
        AssertBothStay(host, 4 * Block, (Sector, Sector), (0, Block), name is null);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("UnalignedNotSerialised")]
    public void UnalignedNotSerialisedLetsZeroesWinAcrossTheEndOfTheFile(string? name)
    {
        using TestVolume host = NewHost(name);
        AssertBothStay(host, 2 * Sector, (0, Sector), (2 * Sector, Sector), name is null);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("FailedExtensionStays", true)]
    public void FailedExtensionStaysLeavesBlocksAndOrphan(string? name, bool stays)
    {
        using TestVolume host = NewHost(name);
        using FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        host.Disk.FaultPlan = static bio => bio.Origin.Kind == ProvenanceKind.Data ? Errno.EIO : Errno.None;
        Assert.Equal(Errno.EIO, FileOperationTests.ErrorOf(() => file.WriteDirect(Block, TestVolume.Bytes(2, 2 * Block))));
        host.Disk.FaultPlan = null;
        Assert.Equal(Block, file.Stat().SizeBytes);
        Assert.Equal(stays, host.InodeOf(file).IsOrphan);
        Assert.Equal(stays ? 3 : 1, file.GetExtents().Sum(static run => run.LengthBlocks));
        file.Truncate(2 * Block);
        Assert.Equal(stays, file.ReadDirect(Block, Block).AsSpan().IndexOfAnyExcept((byte)0) >= 0);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("FailedExtensionStays", true)]
    public void FailedExtensionStaysLosesAReservationAtTheNextCut(string? name, bool isLost)
    {
        using TestVolume host = NewHost(name);
        FileHandle file = host.Volume.Create("f");
        host.Disk.FaultPlan = static bio => bio.Origin.Kind == ProvenanceKind.Data ? Errno.EIO : Errno.None;
        Assert.Equal(Errno.EIO, FileOperationTests.ErrorOf(() => file.WriteDirect(0, TestVolume.Bytes(2, Block))));
        host.Disk.FaultPlan = null;
        file.Fallocate(0, 8 * Block, keepSize: true);
        file.Sync();
        host.Crash();
        Assert.Equal(isLost ? 0 : 8 * Block, host.Volume.Stat("f").AllocatedBytes);
    }

    [Theory]
    [InlineData(null, Errno.None, Block)]
    [InlineData("FallbackLosesCount", Errno.ENOSPC, 0)]
    public void FallbackLosesCountOfTheDirectPart(string? name, Errno error, long written)
    {
        using TestVolume host = NewHost(name, "^extent,^64bit");
        using FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        file.Truncate(4 * Block);
        host.Volume.Sync();
        BlockAllocator blocks = host.Volume.Context.Blocks;
        Assert.True(blocks.TryReserve(blocks.AvailableTo(AllocationUse.Privileged), AllocationUse.Privileged));
        Assert.Equal((written, error), host.Write(file, 0, TestVolume.Bytes(2, 2 * Block)));
        Assert.Equal(TestVolume.Bytes(2, 2 * Block)[..Block], file.ReadDirect(0, Block));
    }

    [Theory]
    [InlineData(null, Errno.None, Block)]
    [InlineData("NowaitAllocates", Errno.None, Block)]
    [InlineData("NowaitAllocates,FallbackLosesCount", Errno.EOPNOTSUPP, 0)]
    public void AWriteThatDoesNotWaitStopsBehindItsDirectPart(string? names, Errno error, long written)
    {
        using TestVolume host = NewHost(names, "^extent,^64bit");
        using FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        file.Truncate(4 * Block);
        Assert.Equal((written, error), host.Write(file, 0, TestVolume.Bytes(2, 2 * Block), isNoWait: true));
        Assert.Equal(TestVolume.Bytes(2, 2 * Block)[..Block], file.ReadDirect(0, Block));
    }

    [Theory]
    [InlineData(null, Errno.EAGAIN, 0)]
    [InlineData("NowaitAllocates", Errno.None, Block)]
    public void NowaitAllocatesInsteadOfEagain(string? name, Errno error, long written)
    {
        using TestVolume host = NewHost(name);
        using FileHandle file = host.Volume.Create("f");
        file.Truncate(4 * Block);
        Assert.Equal((written, error), host.Write(file, Block, TestVolume.Bytes(2, Block), isNoWait: true));
        Assert.Equal((written, error), host.Write(file, 4 * Block, TestVolume.Bytes(2, Block), isNoWait: true));
        file.WriteDirect(Block, TestVolume.Bytes(2, Block));
        Assert.Equal((Block, Errno.None), host.Write(file, Block, TestVolume.Bytes(3, Block), isNoWait: true));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("PrivilegesBeforeImmutable", true)]
    public void PrivilegesBeforeImmutableChangesARefusedFile(string? name, bool changes)
    {
        using TestVolume host = NewHost(name);
        using FileHandle file = host.Volume.Create("f", Volume.DefaultFilePermissions | InodeMode.SetUserId);
        host.InodeOf(file).Flags |= InodeFlags.Immutable;
        InodeStatus before = file.Stat();
        host.Machine.Clock.Advance(1_000_000_000);
        Assert.Equal((0, Errno.EPERM), host.Write(file, 0, TestVolume.Bytes(2, Block), caller: new Caller(7, 0)));
        InodeStatus after = file.Stat();
        Assert.Equal((changes, changes), (after.Mode != before.Mode, after.ModifiedUnixNanoseconds != before.ModifiedUnixNanoseconds));
    }

    [Fact]
    public void AnUnprivilegedWriteTakesPrivilegesAway()
    {
        const InodeMode privileges = InodeMode.SetUserId | InodeMode.SetGroupId;
        using TestVolume host = NewHost(null);
        using FileHandle file = host.Volume.Create("f", Volume.DefaultFilePermissions | privileges | InodeMode.GroupExecute);
        host.Write(file, 0, TestVolume.Bytes(1, Block));
        Assert.Equal(privileges, file.Stat().Mode & privileges);
        host.Write(file, 0, TestVolume.Bytes(1, Block), caller: new Caller(7, 0));
        Assert.Equal(InodeMode.None, file.Stat().Mode & privileges);
    }

    [Theory]
    [InlineData(null, false)]
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

    [Theory]
    [InlineData(null, true)]
    [InlineData("NoOrphan", false)]
    public void NoOrphanExtendsWithoutTheOrphanList(string? name, bool isOrphan)
    {
        using TestVolume host = NewHost(name);
        using FileHandle file = host.Volume.Create("f");
        bool wasOrphan = false;
        host.Disk.FaultPlan = bio =>
        {
            wasOrphan |= bio.Origin.Kind == ProvenanceKind.Data && host.InodeOf(file).IsOrphan;
            return Errno.None;
        };
        file.WriteDirect(0, TestVolume.Bytes(1, 3 * Block));
        Assert.Equal(isOrphan, wasOrphan);
        Assert.False(host.InodeOf(file).IsOrphan);
    }

    [Fact]
    public void AFileWithJournalledDataIsWrittenBuffered()
    {
        using TestVolume host = NewHost(null);
        using FileHandle file = host.Volume.Create("f");
        host.InodeOf(file).Flags |= InodeFlags.JournalData;
        byte[] bytes = TestVolume.Bytes(1, 3 * Block);
        Assert.Equal((bytes.Length, Errno.None), host.Write(file, 0, bytes));
        Assert.Equal(bytes, file.ReadDirect(0, bytes.Length));
        Assert.Equal((0, Errno.EOPNOTSUPP), host.Write(file, 0, bytes, isNoWait: true));
        Assert.Equal(0, host.InodeOf(file).Lock.SharedCount);
        Assert.False(host.InodeOf(file).Lock.IsExclusivelyHeld);
    }

    [Fact]
    public void OverwritesShareTheLockAndExtensionsDoNot()
    {
        using TestVolume host = NewHost(null);
        using FileHandle file = host.Volume.Create("f");
        var holds = new List<(int Shared, bool Exclusive)>();
        host.Disk.FaultPlan = bio =>
        {
            if (bio.Origin.Kind == ProvenanceKind.Data)
                holds.Add((host.InodeOf(file).Lock.SharedCount, host.InodeOf(file).Lock.IsExclusivelyHeld));
            return Errno.None;
        };
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        file.WriteDirect(0, TestVolume.Bytes(2, Block));
        file.WriteDirect(0, TestVolume.Bytes(3, Sector));
        file.WaitDirect(file.StartDirect(0, TestVolume.Bytes(4, Sector)));
        Assert.Equal([(0, true), (1, false), (1, false), (0, true)], holds);
    }

    [Fact]
    public void AVolumeThatWasShutDownAnswersEio()
    {
        using TestVolume host = NewHost(null);
        FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        host.Volume.Shutdown(ShutdownKind.NoLogFlush);
        Assert.Equal((0, Errno.EIO), host.Write(file, 0, TestVolume.Bytes(2, Block)));
    }

    /// <summary>Two writes in one unwritten block, submitted one after the other; what both wrote is one of them's.</summary>
    private static void AssertBothStay(TestVolume host, long size, (int At, int Length) first, (int At, int Length) second, bool isKept)
    {
        using FileHandle file = host.Volume.Create("f");
        file.Fallocate(0, 4 * Block, keepSize: true);
        file.Truncate(size);
        byte[] expected = new byte[Block];
        DirectIo one = file.StartDirect(first.At, Filled(1, first.Length));
        DirectIo two = file.StartDirect(second.At, Filled(2, second.Length));
        Filled(1, first.Length).CopyTo(expected, first.At);
        Filled(2, second.Length).CopyTo(expected, second.At);
        file.WaitDirect(one);
        file.WaitDirect(two);
        byte[] read = file.ReadDirect(0, Block);
        bool areAllThere = Enumerable.Range(0, read.Length).All(i => (read[i] == 0) == (expected[i] == 0));
        Assert.Equal(isKept, areAllThere);
    }

    private static byte[] Filled(byte value, int length)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }

    private static TestVolume NewHost(string? names, string features = "", IScheduleStrategy? strategy = null) => new(
        8 << 20,
        features,
        new MountOptions { Protocol = "Ext4Iomap2019", Switches = names is null ? [] : names.Split(',') },
        strategy: strategy);
}
