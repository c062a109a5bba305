using ExtShell.Engine.IO;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.Volumes;

/// <summary>Rules of single calls that the kernel keeps, each found by comparing calls with it.</summary>
public sealed class CallRulesTests
{
    private const long LargestSizeBytes = (1L << 44) - 4096;

    [Fact]
    public void AWriteThatMustNotWaitFailsWhereItsRangeIsCached()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("/a");
        file.WriteDirect(0, new byte[8192]);
        file.WriteBuffered(4000, new byte[10]);
        file.Sync();
        Assert.Equal(Errno.EAGAIN, Assert.Throws<FileSystemException>(() => file.WriteDirect(0, new byte[4096], noWait: true)).Errno);
        Assert.Equal(4096, file.WriteDirect(4096, new byte[4096], noWait: true));
        host.Volume.DropCaches();
        Assert.Equal(4096, file.WriteDirect(0, new byte[4096], noWait: true));
    }

    [Fact]
    public void APunchBeyondTheSizeFreesTheBlockInWhichTheFileEnds()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("/a");
        file.WriteDirect(0, new byte[8192]);
        file.Truncate(5000);
        file.Fallocate(4096, 904, FallocateMode.PunchHole, keepSize: true); // up to the size
        Assert.Equal(2, Blocks(file));
        file.Fallocate(4096, 905, FallocateMode.PunchHole, keepSize: true);
        Assert.Equal(1, Blocks(file));
    }

    [Fact]
    public void AnAppendIsCutOffWhereFilesEnd()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("/a");
        using FileHandle log = host.Volume.Open("/a", OpenOptions.Append);
        file.Truncate(LargestSizeBytes - 512);
        Assert.Equal(512, log.WriteDirect(0, new byte[1024]));
        file.Truncate(LargestSizeBytes - 1);
        Assert.Equal(1, log.WriteBuffered(0, new byte[1024]));
        Assert.Equal(Errno.EFBIG, Assert.Throws<FileSystemException>(() => log.WriteBuffered(0, new byte[1])).Errno);
        DirectIo refused = log.StartDirect(0, new byte[512]);
        Assert.Equal(Errno.EFBIG, refused.Error);
    }

    [Fact]
    public void WhatIsWrongFirstIsToldFirst()
    {
        using var host = new TestVolume();
        host.Volume.Create("/a").Close();
        using FileHandle reader = host.Volume.Open("/a", OpenOptions.ReadOnly);
        using FileHandle folder = host.Volume.Open("/", OpenOptions.ReadOnly);
        using FileHandle file = host.Volume.Open("/a");
        Assert.Equal(Errno.EINVAL, Assert.Throws<FileSystemException>(() => reader.WriteDirect(-512, new byte[512])).Errno);
        Assert.Equal(Errno.EBADF, Assert.Throws<FileSystemException>(() => reader.StartDirect(-512, new byte[512])).Errno);
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<FileSystemException>(() => folder.StartDirect(0, new byte[512], noWait: true)).Errno);
        Assert.Equal(Errno.EOPNOTSUPP,
            Assert.Throws<FileSystemException>(() => file.WriteBuffered(LargestSizeBytes, new byte[1], noWait: true)).Errno);
        Assert.Equal(Errno.EFBIG, Assert.Throws<FileSystemException>(() => file.WriteBuffered(LargestSizeBytes, new byte[1])).Errno);
    }

    [Fact]
    public void AFileThatIsOnlyAppendedToRefusesWhatWouldChangeItFirst()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("/a");
        host.Volume.Chattr("/a", Format.OnDisk.InodeFlags.AppendOnly);
        Assert.Equal(Errno.EPERM, Assert.Throws<FileSystemException>(() => file.Truncate(LargestSizeBytes + 1)).Errno);
        Assert.Equal(Errno.EPERM, Assert.Throws<FileSystemException>(() => host.Volume.Chown("/a", 1, null)).Errno);
        host.Volume.Chown("/a", null, null);
    }

    private static long Blocks(FileHandle file) =>
        file.GetExtents().Where(static run => run.State != MappingState.Hole).Sum(static run => run.LengthBlocks);
}
