using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Tests.Volumes;

/// <summary>What is different on ext2 and ext3: sizes, times, holes.</summary>
public sealed class BlockMappedVolumeTests
{
    [Theory]
    [InlineData("truncate")]
    [InlineData("buffered")]
    [InlineData("direct")]
    public void The_first_file_of_two_gibibytes_gives_the_volume_large_file(string how)
    {
        using var host = new TestVolume(features: "^large_file,^resize_inode", type: VolumeType.Ext3, blockSizeBytes: 1024);
        using (FileHandle file = host.Volume.Create("/file"))
        {
            file.Truncate(int.MaxValue);
            Assert.False(HasLargeFile(host));
            const long start = 1L << 31;
            if (how == "truncate")
                file.Truncate(start);
            else if (how == "buffered")
                file.WriteBuffered(start, TestVolume.Bytes(1, 100));
            else
                file.WriteDirect(start, TestVolume.Bytes(1, 1024));
            file.Sync();
        }

        Assert.True(HasLargeFile(host));
        host.Crash();
        Assert.True(host.Volume.Stat("/file").SizeBytes >= 1L << 31);
        Assert.True(HasLargeFile(host));
        host.Volume.Unmount();
        host.AssertClean();
    }

    [Theory]
    [InlineData(1024, 17247252480)]
    [InlineData(2048, 275415851008)]
    [InlineData(4096, 2196873666560)] // 2^32 sectors less the map of so many
    public void A_block_mapped_file_ends_where_the_kernel_s_does(int blockSizeBytes, long largest)
    {
        using var host = new TestVolume(type: VolumeType.Ext3, blockSizeBytes: blockSizeBytes);
        using FileHandle file = host.Volume.Create("/file");
        file.Truncate(largest);
        Assert.Equal(largest, file.Stat().SizeBytes);
        Assert.Equal(Errno.EFBIG, Assert.Throws<FileSystemException>(() => file.Truncate(largest + 1)).Errno);
        Assert.Equal(Errno.EFBIG, Assert.Throws<FileSystemException>(() => file.WriteBuffered(largest, new byte[1])).Errno);
        Assert.Equal(Errno.EFBIG, Assert.Throws<FileSystemException>(() => file.WriteDirect(largest, new byte[4096])).Errno);
        file.WriteDirect((largest - 4096) & -4096L, TestVolume.Bytes(2, 4096));
        Assert.Equal(TestVolume.Bytes(2, 4096), file.ReadBuffered((largest - 4096) & -4096L, 4096));
        file.Close();
        host.Volume.Unmount();
        host.AssertClean();
    }

    [Fact]
    public void In_short_inodes_times_are_whole_seconds_of_32_bits()
    {
        const long lastSecond = int.MaxValue;
        var options = new MountOptions { StartTimeUnixNanoseconds = (lastSecond * 1_000_000_000) + 700_000_000 };
        using var host = new TestVolume(type: VolumeType.Ext2, inodeSizeBytes: 128, options: options);
        using FileHandle file = host.Volume.Create("/file");
        file.WriteBuffered(0, TestVolume.Bytes(1, 10));
        Assert.Equal(new Timestamp(lastSecond, 0), ModifyTime(host));
        host.Machine.Clock.Advance(5_000_000_000);
        file.WriteBuffered(0, TestVolume.Bytes(2, 10));
        Assert.Equal(new Timestamp(lastSecond, 0), ModifyTime(host));
        file.Close();
        host.Remount();
        Assert.Equal(new Timestamp(lastSecond, 0), ModifyTime(host));
    }

    [Fact]
    public void A_direct_write_into_a_hole_goes_through_the_page_cache_and_reaches_the_device()
    {
        using var host = new TestVolume(type: VolumeType.Ext3, blockSizeBytes: 1024);
        using FileHandle file = host.Volume.Create("/file");
        file.WriteDirect(0, TestVolume.Bytes(1, 4096));
        file.Truncate(100_000);
        Assert.Equal(8192, file.WriteDirect(2048, TestVolume.Bytes(2, 8192)));
        Assert.Equal(TestVolume.Bytes(2, 8192), file.ReadDirect(2048, 8192));
        Assert.Equal(10, file.GetExtents().Sum(run => run.LengthBlocks));
        Assert.All(file.GetExtents(), run => Assert.Equal(MappingState.Written, run.State));
        Assert.Equal(20_480, file.WriteDirect(96_256, TestVolume.Bytes(3, 20_480))); // from the hole over the end
        Assert.Equal(116_736, file.Stat().SizeBytes);
        Assert.Equal(TestVolume.Bytes(3, 20_480), file.ReadDirect(96_256, 20_480));
        file.Sync();
        host.Crash();
        using FileHandle after = host.Volume.Open("/file");
        Assert.Equal(TestVolume.Bytes(3, 20_480), after.ReadBuffered(96_256, 20_480));
        after.Close();
        host.Volume.Unmount();
        host.AssertClean();
    }

    private static Timestamp ModifyTime(TestVolume host)
    {
        using FileHandle file = host.Volume.Open("/file", OpenOptions.ReadOnly);
        return host.Volume.Inodes.Find(file.Stat().Inode)!.ModifyTime;
    }

    private static bool HasLargeFile(TestVolume host) => host.Volume.Context.SuperBlock.Value.Has(ReadOnlyCompatibleFeatures.LargeFile);
}
