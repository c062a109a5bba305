using ExtShell.Engine.Devices;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.IO;

/// <summary>What Ext3Indirect holds to, on block maps and on extents, and what its switches show.</summary>
public sealed class Ext3IndirectTests
{
    private const int Block = 4096;
    private const string BlockMapped = "^extent,^64bit";

    [Theory]
    [InlineData(null, 0)]
    [InlineData("ExtendingAioReturns", Block)]
    public void ExtendingAioReturnsCommitsASizeBeforeItsData(string? name, long sizeAfterCut)
    {
        using TestVolume host = NewHost(name);
        FileHandle file = host.Volume.Create("f");
        FileHandle other = host.Volume.Create("g");
        host.Volume.Sync();
        host.Machine.Spawn("appender", async () => await file.StartDirectAsync(0, TestVolume.Bytes(1, Block)));
        other.WriteBuffered(0, TestVolume.Bytes(2, 100));
        other.Sync();
        host.Crash();
        Assert.Equal(sizeAfterCut, host.Volume.Stat("f").SizeBytes);
        using FileHandle again = host.Volume.Open("f");
        Assert.NotEqual(TestVolume.Bytes(1, Block), again.ReadDirect(0, Block));
    }

    [Theory]
    [InlineData(BlockMapped)]
    [InlineData("")]
    public void AHoleGoesThroughThePageCacheAndEndsOnTheDevice(string features)
    {
        using TestVolume host = NewHost(null, features);
        using FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        file.Truncate(8 * Block);
        byte[] bytes = TestVolume.Bytes(2, 3 * Block);
        var holds = new List<bool>();
        host.Disk.FaultPlan = bio =>
        {
            if (bio.Origin.Kind == ProvenanceKind.Data)
                holds.Add(host.InodeOf(file).Lock.IsExclusivelyHeld);
            return Errno.None;
        };
        Assert.Equal(bytes.Length, file.WriteDirect(0, bytes));
        Assert.Equal(2, holds.Count); // one directly, one by write-back
        Assert.DoesNotContain(false, holds);
        Assert.False(host.InodeOf(file).HasPages);
        Assert.Equal(bytes, file.ReadDirect(0, bytes.Length));
        Assert.Equal(new byte[5 * Block], file.ReadDirect(3 * Block, 5 * Block));
    }

    [Fact]
    public void AWriteOverAHoleAndTheEndIsWholeAndSynced()
    {
        using TestVolume host = NewHost(null);
        FileHandle file = host.Volume.Create("f");
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        file.Truncate(2 * Block);
        file.Sync();
        byte[] bytes = TestVolume.Bytes(2, 4 * Block);
        Assert.Equal(bytes.Length, file.WriteDirect(0, bytes, Engine.IO.SyncKind.DataSync));
        host.Crash();
        using FileHandle again = host.Volume.Open("f");
        Assert.Equal(bytes, again.ReadDirect(0, 8 * Block));
        Assert.False(host.InodeOf(again).IsOrphan);
    }

    [Fact]
    public void UnwrittenBlocksOfAnExtentMappedFileGoThroughThePageCache()
    {
        using TestVolume host = NewHost(null, "");
        using FileHandle file = host.Volume.Create("f");
        file.Fallocate(0, 4 * Block, keepSize: true);
        byte[] bytes = TestVolume.Bytes(1, 6 * Block);
        Assert.Equal(bytes.Length, file.WriteDirect(0, bytes));
        Assert.Equal(bytes, file.ReadDirect(0, 8 * Block));
        Assert.All(file.GetExtents(), static run => Assert.Equal(MappingState.Written, run.State));
        Assert.False(host.InodeOf(file).IsOrphan);
    }

    [Fact]
    public void AnExtendingAsynchronousWriteIsWaitedFor()
    {
        using TestVolume host = NewHost(null);
        using FileHandle file = host.Volume.Create("f");
        DirectIo io = file.StartDirect(0, TestVolume.Bytes(1, Block));
        Assert.True(io.IsAcknowledged);
        DirectIo over = file.StartDirect(0, TestVolume.Bytes(2, Block));
        Assert.False(over.IsAcknowledged);
        file.WaitDirect(over);
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

    [Theory]
    [InlineData(null, false)]
    [InlineData("FillHolesWritten", true)]
    public void FillHolesWrittenShowsOldContentWhileTheDataIsOnItsWay(string? name, bool showsOld)
    {
        using TestVolume host = NewHost(name);
        using FileHandle file = host.Volume.Create("f");
        file.Truncate(8 * Block);
        DirectIo io = file.StartDirect(2 * Block, TestVolume.Bytes(1, Block));
        byte[] read = file.ReadBuffered(2 * Block, Block);
        Assert.Equal(showsOld, !read.AsSpan().SequenceEqual(TestVolume.Bytes(1, Block)));
        Assert.Equal(showsOld, !io.IsAcknowledged);
        file.WaitDirect(io);
        Assert.Equal(TestVolume.Bytes(1, Block), file.ReadBuffered(2 * Block, Block));
    }

    [Fact]
    public void AFailedExtensionLeavesNothing()
    {
        using TestVolume host = NewHost(null);
        using FileHandle file = host.Volume.Create("f");
        host.Disk.FaultPlan = static bio => bio.Origin.Kind == ProvenanceKind.Data ? Errno.EIO : Errno.None;
        Assert.Equal(Errno.EIO, FileOperationTests.ErrorOf(() => file.WriteDirect(0, TestVolume.Bytes(1, Block))));
        host.Disk.FaultPlan = null;
        Assert.Empty(file.GetExtents());
        Assert.False(host.InodeOf(file).IsOrphan);
    }

    [Fact]
    public void WhatBlockMapsCannotHoldIsRefused()
    {
        using TestVolume host = NewHost(null);
        using FileHandle file = host.Volume.Create("f");
        Assert.Equal(Errno.EOPNOTSUPP, FileOperationTests.ErrorOf(() => file.Fallocate(0, Block)));
        file.WriteDirect(0, TestVolume.Bytes(1, 3 * Block));
        file.Fallocate(Block, Block, Engine.IO.FallocateMode.PunchHole, keepSize: true);
        Assert.Equal(new byte[Block], file.ReadDirect(Block, Block));
        Assert.Equal((0, Errno.EOPNOTSUPP), host.Write(file, 0, TestVolume.Bytes(2, Block), isNoWait: true));
    }

    private static TestVolume NewHost(string? name, string features = BlockMapped) => new(
        8 << 20, features, new MountOptions { Protocol = "Ext3Indirect", Switches = name is null ? [] : [name] });
}
