using ExtShell.Engine.Volumes.Making;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Volumes;

/// <summary>
/// Extended attributes, symbolic links and special files. What the kernel says of them is compared in the conformance tests.
/// </summary>
public sealed class ExtendedAttributeTests
{
    [RequiresToolTheory("e2fsck")]
    [InlineData(VolumeType.Ext4, 4096, 256)]
    [InlineData(VolumeType.Ext3, 1024, 128)]
    [InlineData(VolumeType.Ext2, 2048, 256)]
    public void Small_ones_are_in_the_inode_and_large_ones_in_a_block(VolumeType type, int blockSizeBytes, int inodeSizeBytes)
    {
        using var host = new TestVolume(type: type, blockSizeBytes: blockSizeBytes, inodeSizeBytes: inodeSizeBytes);
        Volume volume = host.Volume;
        volume.Create("/f").Close();
        volume.SetXattr("/f", "user.small", "1234567"u8.ToArray());
        Assert.Equal(inodeSizeBytes == 128 ? blockSizeBytes : 0, volume.Stat("/f").AllocatedBytes);
        volume.SetXattr("/f", "user.large", TestVolume.Bytes(1, 500));
        Assert.Equal(blockSizeBytes, volume.Stat("/f").AllocatedBytes);
        Assert.Equal(
            Errno.ENOSPC, Assert.Throws<FileSystemException>(() => volume.SetXattr("/f", "user.huge", new byte[blockSizeBytes])).Errno);
        volume.SetXattr("/f", "user.small", TestVolume.Bytes(2, 200)); // out of the inode
        host.Remount();
        Assert.Equal(["user.large", "user.small"], host.Volume.ListXattrs("/f").Order());
        Assert.Equal(TestVolume.Bytes(1, 500), host.Volume.GetXattr("/f", "user.large"));
        Assert.Equal(TestVolume.Bytes(2, 200), host.Volume.GetXattr("/f", "user.small"));
        host.Volume.RemoveXattr("/f", "user.large");
        host.Volume.RemoveXattr("/f", "user.small");
        Assert.Equal((0, 0), (host.Volume.Stat("/f").AllocatedBytes, host.Volume.ListXattrs("/f").Count));
        AssertClean(host);
    }

    [RequiresToolFact("e2fsck")]
    public void Equal_blocks_are_shared_until_one_is_changed()
    {
        using var host = new TestVolume();
        Volume volume = host.Volume;
        long free = volume.GetStatistics().FreeBytes();
        foreach (string path in (string[])["/a", "/b", "/c"])
        {
            volume.Create(path).Close();
            volume.SetXattr(path, "user.x", TestVolume.Bytes(1, 1000));
        }

        Assert.Equal(free - 4096, volume.GetStatistics().FreeBytes());
        volume.SetXattr("/b", "user.y", TestVolume.Bytes(2, 1000));
        Assert.Equal(free - 8192, volume.GetStatistics().FreeBytes());
        Assert.Equal(["user.x"], volume.ListXattrs("/a"));
        volume.Unlink("/a");
        volume.Sync();
        host.Crash();
        volume = host.Volume;
        volume.Unlink("/c");
        volume.Sync();
        Assert.Equal(TestVolume.Bytes(1, 1000), volume.GetXattr("/b", "user.x"));
        Assert.Equal(TestVolume.Bytes(2, 1000), volume.GetXattr("/b", "user.y"));
        AssertClean(host);
    }

    [Fact]
    public void A_write_takes_capabilities_away_whoever_writes()
    {
        byte[] capability = [1, 0, 0, 2, .. new byte[16]];
        using var host = new TestVolume();
        using FileHandle file = host.Volume.Create("/f");
        Action[] changes =
        [
            () => file.WriteDirect(0, new byte[4096]), () => file.WriteBuffered(0, new byte[1]), () => file.Truncate(10),
            () => file.Fallocate(0, 4096),
            () => host.Volume.Chown("/f", 5, 5),
        ];
        foreach (Action change in changes)
        {
            host.Volume.SetXattr("/f", "security.capability", capability);
            host.Volume.SetXattr("/f", "user.stays", capability);
            change();
            Assert.Equal(["user.stays"], host.Volume.ListXattrs("/f"));
        }
    }

    [RequiresToolTheory("e2fsck")]
    [InlineData(1)]
    [InlineData(59)]
    [InlineData(60)]
    [InlineData(1000)]
    public void Links_of_any_length_are_kept_and_go_without_a_trace(int length)
    {
        using var host = new TestVolume(blockSizeBytes: 1024);
        long free = host.Volume.GetStatistics().FreeBytes();
        host.Volume.Symlink(new string('t', length), "/link");
        host.Remount();
        Assert.Equal(new string('t', length), host.Volume.ReadLink("/link"));
        Assert.Equal(length < 60 ? 0 : 1024, host.Volume.Stat("/link", followsLink: false).AllocatedBytes);
        Assert.Equal(
            Errno.ENAMETOOLONG, Assert.Throws<FileSystemException>(() => host.Volume.Symlink(new string('t', 1024), "/long")).Errno);
        host.Remount();
        host.Volume.Unlink("/link"); // which nobody has read
        host.Volume.Sync();
        Assert.Equal(free, host.Volume.GetStatistics().FreeBytes());
        AssertClean(host);
    }

    [RequiresToolTheory("e2fsck")]
    [InlineData(InodeMode.CharacterDevice, 1, 3)]
    [InlineData(InodeMode.BlockDevice, 259, 0x12345)]
    [InlineData(InodeMode.Fifo, 0, 0)]
    [InlineData(InodeMode.Socket, 0, 0)]
    public void Special_files_are_kept_and_cannot_be_opened(InodeMode type, uint major, uint minor)
    {
        using var host = new TestVolume();
        host.Volume.Mknod("/node", type | InodeMode.UserRead, new DeviceNumber(major, minor));
        host.Remount();
        InodeStatus status = host.Volume.Stat("/node");
        Assert.Equal((type | InodeMode.UserRead, new DeviceNumber(major, minor)), (status.Mode, status.Device));
        Assert.Equal(Errno.ENXIO, Assert.Throws<FileSystemException>(() => host.Volume.Open("/node")).Errno);
        AssertClean(host);
    }

    private static void AssertClean(TestVolume host)
    {
        host.Volume.Unmount();
        (int exitCode, string output) = host.Check();
        Assert.True(exitCode == 0, output);
    }
}

/// <summary>What tests of space want.</summary>
internal static class StatisticsOfTests
{
    public static long FreeBytes(this VolumeStatistics statistics) => statistics.FreeBlocks * statistics.BlockSizeBytes;
}
