using System.Buffers.Binary;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.Journal;

namespace ExtShell.Engine.Tests.Volumes;

/// <summary>What data=writeback, data=journal and noload do, and where they are refused.</summary>
public sealed class JournalModeTests
{
    private static readonly MountOptions Journalled = new() { Journal = JournalMode.Journal };

    [Fact]
    public void Journalled_data_is_durable_by_the_journal_alone_and_read_from_there()
    {
        using var host = new TestVolume(options: Journalled);
        byte[] bytes = TestVolume.Bytes(1, 10_000);
        using FileHandle file = host.Volume.Create("/file");
        WriteLog log = host.Disk.StartLog();
        file.WriteBuffered(0, bytes);
        Assert.DoesNotContain(log.Bios, bio => bio.Origin.Kind == ProvenanceKind.Data);
        Assert.Equal(MappingState.Written, Assert.Single(file.GetExtents()).State); // not delayed, not unwritten
        file.Sync();
        Assert.DoesNotContain(log.Bios, bio => bio.Origin.Kind == ProvenanceKind.Data);
        file.Close();
        host.Volume.Inodes.DropIdle(); // its pages are gone, and its home is older than the journal
        Assert.Equal(bytes, host.Volume.Open("/file").ReadBuffered(0, bytes.Length));
        host.Crash();
        Assert.True(host.Volume.Recovery!.BlocksReplayed >= 3);
        Assert.Equal(bytes, host.Volume.Open("/file").ReadBuffered(0, bytes.Length));
    }

    [Fact]
    public void Journalled_data_that_begins_with_the_magic_comes_back_as_it_was()
    {
        using var host = new TestVolume(options: Journalled);
        byte[] bytes = TestVolume.Bytes(2, 8192);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, JournalHeader.ExpectedMagic);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4096), JournalHeader.ExpectedMagic);
        using (FileHandle file = host.Volume.Create("/file"))
        {
            file.WriteBuffered(0, bytes);
            file.Sync();
        }

        host.Crash();
        Assert.Equal(bytes, host.Volume.Open("/file").ReadBuffered(0, bytes.Length));
        host.Remount();
        Assert.Equal(bytes, host.Volume.Open("/file").ReadBuffered(0, bytes.Length));
    }

    [Fact]
    public void Direct_calls_on_journalled_data_go_through_the_page_cache()
    {
        using var host = new TestVolume(options: Journalled);
        byte[] bytes = TestVolume.Bytes(3, 12_288);
        using FileHandle file = host.Volume.Create("/file");
        WriteLog log = host.Disk.StartLog();
        Assert.Equal(8192, file.WriteDirect(0, bytes.AsMemory(0, 8192)));
        DirectIo io = file.StartDirect(8192, bytes.AsMemory(8192));
        Assert.Equal(4096, file.WaitDirect(io));
        Assert.DoesNotContain(log.Bios, bio => bio.Origin.Kind == ProvenanceKind.Data);
        Assert.Equal(bytes, file.ReadDirect(0, bytes.Length));
    }

    [Fact]
    public void A_block_that_journalled_data_has_left_takes_new_content_over_a_cut()
    {
        using var host = new TestVolume(sizeBytes: 8 << 20, options: Journalled);
        for (int round = 0; round < 6; round++) // the same blocks, again and again
        {
            byte[] bytes = TestVolume.Bytes(round, 1 << 20);
            using (FileHandle file = host.Volume.Create("/file"))
            {
                file.WriteBuffered(0, bytes);
                file.Sync();
            }

            if (round % 2 == 1)
                host.Crash();
            using (FileHandle file = host.Volume.Open("/file"))
                Assert.True(bytes.AsSpan().SequenceEqual(file.ReadBuffered(0, bytes.Length)), $"round {round}");
            host.Volume.Unlink("/file");
            host.Volume.Sync();
        }
    }

    [Theory]
    [InlineData(JournalMode.Ordered, true)]
    [InlineData(JournalMode.Writeback, false)]
    public void A_commit_waits_for_new_data_only_where_it_is_ordered(JournalMode mode, bool isOrdered)
    {
        using var host = new TestVolume(options: new MountOptions { Journal = mode, DioReadNoLock = false });
        using FileHandle file = host.Volume.Create("/file");
        file.WriteBuffered(0, TestVolume.Bytes(1, 4096));
        file.Sync();
        WriteLog log = host.Disk.StartLog();
        file.Truncate(100); // the tail becomes zero in the page cache
        using FileHandle other = host.Volume.Create("/other");
        other.Sync();
        Assert.Equal(isOrdered, log.Bios.Any(bio => bio.Origin.Kind == ProvenanceKind.Data));
    }

    [Theory]
    [InlineData(JournalMode.Writeback)]
    [InlineData(JournalMode.Journal)]
    public void A_volume_without_a_journal_has_no_such_mode(JournalMode mode)
    {
        var refused = Assert.Throws<FileSystemException>(
            () => new TestVolume(features: "^has_journal", options: new MountOptions { Journal = mode }));
        Assert.Equal(Errno.EINVAL, refused.Errno);
    }

    [Fact]
    public void Without_its_journal_a_volume_that_needs_recovery_can_only_be_read()
    {
        using var host = new TestVolume();
        host.Volume.Mkdir("/directory");
        host.Volume.Sync();
        PagedMemory cut = host.Storage.Snapshot();
        Volume Mount(bool readOnly)
        {
            var machine = new Machine();
            return Volume.Mount(
                machine, new SimulatedDisk(machine, cut, default), new MountOptions { Journal = JournalMode.None, ReadOnly = readOnly });
        }

        Assert.Equal(Errno.EINVAL, Assert.Throws<FileSystemException>(() => Mount(readOnly: false)).Errno);
        Volume volume = Mount(readOnly: true);
        Assert.True(volume.IsReadOnly);
        Assert.Null(volume.Recovery);
        volume.Unmount();
    }

    [Fact]
    public void Without_its_journal_a_clean_volume_is_written_as_if_it_had_none()
    {
        using var host = new TestVolume();
        host.Volume.Unmount();
        host.Options = new MountOptions { Journal = JournalMode.None };
        host.Mount();
        host.Volume.Mkdir("/directory");
        host.Volume.Unmount();
        host.Options = MountOptions.Default;
        host.Mount();
        Assert.True(host.Volume.Exists("/directory"));
        host.Volume.Unmount();
    }
}
