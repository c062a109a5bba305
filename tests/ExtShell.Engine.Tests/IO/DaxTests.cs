using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.IO;

public sealed class DaxTests
{
    private static readonly MountOptions Dax = new() { Protocol = "Ext4Dax2014" };

    [Theory]
    [InlineData("")]
    [InlineData("^extents,^64bit")]
    [InlineData("^has_journal")]
    public void DirectBufferedAndMappedAccessSeeOneFile(string features)
    {
        for (int seed = 0; seed < 8; seed++)
        {
            using var host = new TestVolume(features: features, options: Dax);
            new MappedWorkload(seed, host, hasExtents: !features.Contains("^extents", StringComparison.Ordinal)).Run(150);
            host.Volume.Unmount();
            host.AssertClean($"seed {seed}: ");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomWorkloadsReadWhatWasWritten(int seed)
    {
        using var host = new TestVolume(options: Dax);
        var workload = new RandomWorkload(seed, host);
        workload.Run(150);
        workload.Verify();
        host.Volume.Sync();
        host.Crash();
        workload.Verify();
        host.Volume.Unmount();
        host.AssertClean();
    }

    [Fact]
    public void ReadsAndWritesNeedNoAlignmentAndNoBio()
    {
        using var host = new TestVolume(options: Dax);
        using FileHandle file = host.Volume.Create("/f");
        file.WriteDirect(10, TestVolume.Bytes(1, 5_000));
        host.Volume.Sync();
        WriteLog log = host.Disk.StartLog();
        file.WriteDirect(100, TestVolume.Bytes(2, 333));
        Assert.Equal(TestVolume.Bytes(2, 333), file.ReadDirect(100, 333));
        Assert.Equal(TestVolume.Bytes(2, 333)[5..], file.ReadBuffered(105, 328));
        Assert.All(log.Bios.Where(bio => bio.Origin.Kind == ProvenanceKind.Data), bio => Assert.True(bio.IsStore));
        Assert.Contains(log.Bios, bio => bio.Origin.Kind == ProvenanceKind.Data);
    }

    [Fact]
    public void ALoadFromAHoleMapsAZeroPageThatAnAllocationReleases()
    {
        using var host = new TestVolume(options: Dax);
        using FileHandle file = host.Volume.Create("/f");
        file.Truncate(16_384);
        FileMapping mapping = file.Map(0, 16_384);
        Assert.Equal(new byte[100], mapping.Read(0, 100));
        Assert.Equal(new byte[100], mapping.Read(8_192, 100));
        Assert.Equal(0, file.Stat().AllocatedBytes);
        file.WriteDirect(0, new byte[] { 1, 2, 3 });
        Assert.Equal([1, 2, 3, 0], mapping.Read(0, 4));
        mapping.Write(8_200, new byte[] { 4 });
        Assert.Equal([0, 4], mapping.Read(8_199, 2));
        Assert.Equal([0, 4], file.ReadDirect(8_199, 2));
        Assert.All(file.GetExtents(), extent => Assert.Equal(MappingState.Written, extent.State));
    }

    [Fact]
    public void WhatIsStoredPastTheEndIsNeverPartOfTheFile()
    {
        using var host = new TestVolume(options: Dax);
        using FileHandle file = host.Volume.Create("/f");
        file.WriteDirect(0, new byte[] { 1, 2, 3 });
        FileMapping mapping = file.Map(0, 4_096);
        foreach (Action grow in new Action[]
        {
            () => file.Truncate(100),
            () => file.WriteDirect(200, new byte[] { 1 }),
            () => file.Fallocate(0, 300),
            () => file.Fallocate(0, 400, FallocateMode.ZeroRange),
        })
        {
            int size = (int)file.Stat().SizeBytes;
            mapping.Write(0, Enumerable.Repeat((byte)9, 4_096).ToArray());
            grow();
            Assert.All(file.ReadDirect(size, 4_096).SkipLast(1), value => Assert.Equal(0, value));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("^extents,^64bit")]
    public void AFullVolumeMakesAWriteShortAndThenRefusesIt(string features)
    {
        using var host = new TestVolume(8 << 20, features: features + (features.Length > 0 ? "," : "") + "^has_journal", options: Dax);
        using FileHandle file = host.Volume.Create("/f");
        file.WriteDirect(0, new byte[4096]);
        byte[] bytes = TestVolume.Bytes(1, 16 << 20);
        long written = file.WriteDirect(4096, bytes);
        Assert.InRange(written, 1 << 20, (8 << 20) - 1);
        Assert.Equal(4096 + written, file.Stat().SizeBytes);
        Assert.Equal(bytes[..(int)written], file.ReadDirect(4096, 16 << 20));
        var full = Assert.Throws<FileSystemException>(() => { file.WriteDirect(4096 + written, new byte[4096]); });
        Assert.Equal(Errno.ENOSPC, full.Errno);
        file.Truncate(32 << 20);
        Assert.Equal(Errno.ENOSPC, Assert.Throws<FileSystemException>(() => file.Map(0, 32 << 20).Write(24 << 20, new byte[1])).Errno);
        host.Remount();
        using FileHandle again = host.Volume.Open("/f");
        Assert.Equal(bytes[..(int)written], again.ReadDirect(4096, (int)written));
    }

    [Fact]
    public void ADiskAndSmallBlocksAreRefused()
    {
        var storage = new PagedMemory(16 << 20);
        VolumeMaker.Make(storage, new VolumeMakeOptions());
        var machine = new Machine();
        var disk = new SimulatedDisk(machine, storage, default);
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<FileSystemException>(() => Volume.Mount(machine, disk, Dax)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<FileSystemException>(() => new TestVolume(blockSizeBytes: 1024, options: Dax)).Errno);
    }
}
