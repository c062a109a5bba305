using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.IO;

public sealed class MappedFileTests
{
    private const int PageBytes = 4096;

    [Theory]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(4096)]
    public void DirectBufferedAndMappedAccessSeeOneFile(int blockSizeBytes)
    {
        for (int seed = 0; seed < 8; seed++)
        {
            using var host = new TestVolume(blockSizeBytes: blockSizeBytes);
            new MappedWorkload(seed, host).Run(150);
        }
    }

    [Fact]
    public void StoresAreSeenByReadersAndReachTheDevice()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("/f");
        file.WriteBuffered(0, TestVolume.Bytes(1, 10_000));
        FileMapping mapping = file.Map(0, 12_288);
        Assert.Equal(TestVolume.Bytes(1, 10_000), mapping.Read(0, 10_000));
        byte[] stored = TestVolume.Bytes(2, 5_000);
        mapping.Write(3_000, stored);
        Assert.Equal(stored, file.ReadBuffered(3_000, 5_000));
        Assert.Equal(stored, file.ReadDirect(0, 12_288)[3_000..8_000]);
        mapping.Write(3_000, new byte[] { 7 }); // write-back has closed the page
        Assert.Equal(7, file.ReadDirect(0, 4096)[3_000]);
    }

    [Fact]
    public void WhatLiesPastTheEndIsOutOfReachPageByPage()
    {
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("/f");
        file.WriteBuffered(0, TestVolume.Bytes(1, 5_000));
        FileMapping mapping = file.Map(0, 16_384);
        Assert.Equal(new byte[8192 - 5_000], mapping.Read(5_000, 8192 - 5_000));
        Refused(Errno.EFAULT, () => mapping.Read(8_192, 1));
        Refused(Errno.EFAULT, () => mapping.Write(8_192, new byte[1]));
        Refused(Errno.EFAULT, () => mapping.Read(16_384, 1));
        file.Truncate(3_000);
        Assert.Equal(TestVolume.Bytes(1, 5_000)[..3_000], mapping.Read(0, 3_000));
        Refused(Errno.EFAULT, () => mapping.Read(4_096, 1));
        file.Truncate(0);
        Refused(Errno.EFAULT, () => mapping.Read(0, 1));
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(4096)]
    public void WhatIsStoredPastTheEndIsNeverPartOfTheFile(int blockSizeBytes)
    {
        using var host = new TestVolume(blockSizeBytes: blockSizeBytes);
        using FileHandle file = host.Volume.Create("/f");
        file.WriteBuffered(0, new byte[] { 1, 2, 3 });
        FileMapping mapping = file.Map(0, 4_096);
        mapping.Write(0, Enumerable.Repeat((byte)9, PageBytes).ToArray());
        Assert.Equal(9, mapping.Read(3_000, 1)[0]);
        mapping.Sync(0, 4_096);
        Assert.Equal(0, mapping.Read(3_000, 1)[0]); // zeroed by write-back

        mapping.Write(0, Enumerable.Repeat((byte)8, PageBytes).ToArray());
        file.Truncate(2_500);
        byte[] grown = mapping.Read(0, PageBytes);
        Assert.Equal(8, grown[2]);
        Assert.All(grown[3..2_500], value => Assert.Equal(0, value));

        mapping.Write(0, Enumerable.Repeat((byte)7, PageBytes).ToArray());
        file.WriteBuffered(3_500, new byte[] { 5 });
        Assert.All(file.ReadBuffered(2_500, 1_000), value => Assert.Equal(0, value));
        mapping.Write(3_400, new byte[] { 4 }); // the blocks up to the new end are dirty by this
        Assert.Equal([4], file.ReadDirect(0, PageBytes)[3_400..3_401]);
        host.Remount();
        using FileHandle again = host.Volume.Open("/f");
        Assert.Equal(3_501, again.Stat().SizeBytes);
        Assert.Equal(4, again.ReadBuffered(3_400, 1)[0]);
    }

    [Fact]
    public void AStoreIntoAHoleReservesAndAFullVolumeRefusesIt()
    {
        using var host = new TestVolume(8 << 20, features: "^has_journal");
        using FileHandle file = host.Volume.Create("/f");
        file.Truncate(64 << 20);
        FileMapping mapping = file.Map(0, 64 << 20);
        Assert.Equal(0, mapping.Read(1 << 20, 1)[0]);
        Assert.Equal(0, file.Stat().AllocatedBytes);
        long stored = 0;
        Refused(Errno.ENOSPC, () =>
        {
            while (stored < 64 << 20)
            {
                mapping.Write(stored, new byte[] { 1 });
                stored += PageBytes;
            }
        });
        Assert.True(stored > 1 << 20);
        file.Sync();
        host.Remount();
        using FileHandle again = host.Volume.Open("/f");
        for (long at = 0; at < stored; at += PageBytes)
            Assert.Equal(1, again.ReadBuffered(at, 1)[0]);
        Assert.Equal(0, again.ReadBuffered(stored, 1)[0]);
    }

    [Fact]
    public void AMappingOutlivesHandleAndName()
    {
        using var host = new TestVolume();
        FileHandle file = host.Volume.Create("/f");
        file.WriteBuffered(0, new byte[] { 1, 2, 3 });
        FileMapping mapping = file.Map(0, 100);
        file.Close();
        host.Volume.Unlink("/f");
        long free = host.Volume.GetStatistics().FreeBlocks;
        mapping.Write(1, new byte[] { 9 });
        Assert.Equal([1, 9, 3], mapping.Read(0, 3));
        mapping.Sync(0, 100);
        mapping.Unmap();
        Assert.True(host.Volume.GetStatistics().FreeBlocks >= free);
        Refused(Errno.EFAULT, () => mapping.Read(0, 1));
        host.Volume.Unmount();
        Assert.Empty(host.Volume.Mappings);
    }

    [Fact]
    public void WhatCannotBeMappedIsRefused()
    {
        using var host = new TestVolume();
        host.Volume.Mkdir("/d");
        using FileHandle directory = host.Volume.Open("/d", OpenOptions.ReadOnly);
        Refused(Errno.ENODEV, () => directory.Map(0, 4096));
        host.Volume.Create("/f").Close();
        using FileHandle file = host.Volume.Open("/f", OpenOptions.ReadOnly);
        Refused(Errno.EINVAL, () => file.Map(100, 4096));
        Refused(Errno.EINVAL, () => file.Map(0, 0));
        FileMapping mapping = file.Map(0, 4096);
        Refused(Errno.EACCES, () => mapping.Write(0, new byte[1]));
    }

    private static void Refused(Errno errno, Action action) => Assert.Equal(errno, Assert.Throws<FileSystemException>(action).Errno);
}
