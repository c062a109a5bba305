using System.Text;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;

namespace ExtShell.Engine.Tests.Volumes;

/// <summary>
/// What the engine writes for workloads that were recorded on the kernel's ext4 (64 MiB, 4 KiB blocks, ordered, a device with a volatile
/// cache and without FUA), in the same order on one volume with a sync behind each: the counts of writes and flushes are the kernel's.
/// </summary>
public sealed class DeviceTraceTests
{
    private const int Block = 4096;

    private static readonly (string Name, int Writes, int Flushes)[] KernelCounts =
    [
        ("4 appends, direct and O_SYNC", 15, 8),
        ("fallocate, fsync, 4 AIO writes, fdatasync", 8, 4),
        ("2 overwrites (fdatasync; O_DSYNC)", 2, 2),
        ("create, write 16 KiB, fsync", 3, 2),
        ("create, fsync, rename, fsync of the directory", 5, 4),
        ("truncate, fsync", 3, 2),
        ("unlink, sync", 6, 2),
    ];

    [Fact]
    public void WritesAndFlushesAsOftenAsTheKernel()
    {
        var host = new TestVolume(64 << 20, fill: false);
        host.Volume.Sync();
        Action<Volume>[] workloads = [Append, FallocateAndWrite, Overwrite, CreateAndSync, Rename, Truncate, Unlink];
        var measured = new List<(string, int, int)>();
        var listing = new StringBuilder();
        for (int i = 0; i < workloads.Length; i++)
        {
            WriteLog log = host.Disk.StartLog();
            workloads[i](host.Volume);
            if (i == workloads.Length - 1)
                host.Volume.Sync();
            (int writes, int flushes) = Count(log, listing.AppendLine(KernelCounts[i].Name));
            measured.Add((KernelCounts[i].Name, writes, flushes));
            host.Volume.Sync();
        }

        Assert.True(KernelCounts.SequenceEqual(measured), string.Join('\n', measured) + "\n" + listing);
    }

    [Fact]
    public void FuaReplacesTheFlushBehindACommitRecord()
    {
        var host = new TestVolume(64 << 20, traits: new DeviceTraits(HasVolatileCache: true, HasFua: true), fill: false);
        host.Volume.Sync();
        WriteLog log = host.Disk.StartLog();
        CreateAndSync(host.Volume);
        Assert.Equal(1, log.Bios.Count(static bio => bio.Operation == BioOperation.Flush));
        Assert.Contains(log.Bios, static bio => bio.IsFua && bio.Origin.Kind == ProvenanceKind.Journal);
    }

    [Fact]
    public void DataOnlyOverwriteBySyncedDataGoesOutByFuaAlone()
    {
        var host = new TestVolume(64 << 20, traits: new DeviceTraits(HasVolatileCache: true, HasFua: true), fill: false);
        using FileHandle file = host.Volume.Create("file");
        file.WriteDirect(0, TestVolume.Bytes(1, Block), SyncKind.Sync);
        WriteLog log = host.Disk.StartLog();
        file.WriteDirect(0, TestVolume.Bytes(2, Block), SyncKind.DataSync);
        LoggedBio only = Assert.Single(log.Bios);
        Assert.True(only.IsFua);
    }

    private static void Append(Volume volume)
    {
        using FileHandle file = volume.Open("append", OpenOptions.Create | OpenOptions.Sync);
        for (int i = 0; i < 4; i++)
            file.WriteDirect(i * Block, TestVolume.Bytes(i, Block));
    }

    private static void FallocateAndWrite(Volume volume)
    {
        using FileHandle file = volume.Create("falloc");
        file.Fallocate(0, 16 * Block);
        file.Sync();
        var writes = new List<DirectIo>();
        for (int i = 0; i < 4; i++)
            writes.Add(file.StartDirect((3 - i) * 4 * Block, TestVolume.Bytes(i, Block)));
        foreach (DirectIo write in writes)
            file.WaitDirect(write);
        file.Sync(dataOnly: true);
    }

    private static void Overwrite(Volume volume)
    {
        using FileHandle file = volume.Open("falloc");
        file.WriteDirect(0, TestVolume.Bytes(1, Block));
        file.Sync(dataOnly: true);
        file.WriteDirect(0, TestVolume.Bytes(2, Block), SyncKind.DataSync);
    }

    private static void CreateAndSync(Volume volume)
    {
        using FileHandle file = volume.Create("buf");
        file.WriteBuffered(0, TestVolume.Bytes(1, 4 * Block));
        file.Sync();
    }

    private static void Rename(Volume volume)
    {
        using FileHandle file = volume.Create("tmp");
        file.WriteBuffered(0, TestVolume.Bytes(1, Block));
        file.Sync();
        volume.Rename("tmp", "final");
        using FileHandle root = volume.Open("/", OpenOptions.ReadOnly);
        root.Sync();
    }

    private static void Unlink(Volume volume) => volume.Unlink("append");

    private static void Truncate(Volume volume)
    {
        using FileHandle file = volume.Open("buf");
        file.Truncate(100);
        file.Sync();
    }

    /// <summary>
    /// Counts writes and flushes; a write that touches the one before, while that is still in flight, joins it as in the block layer.
    /// </summary>
    private static (int Writes, int Flushes) Count(WriteLog log, StringBuilder listing)
    {
        int writes = 0;
        int flushes = 0;
        LoggedBio? before = null;
        foreach (LoggedBio bio in log.Bios)
        {
            listing.AppendLine($"  {bio.Operation} {bio.OffsetBytes / Block} +{bio.LengthBytes / Block} {bio.Origin.Kind}");
            bool joins = before is not null && before.OffsetBytes + before.LengthBytes == bio.OffsetBytes
                && before.CompletedAt > bio.SubmittedAt;
            bool isFlush = bio.Operation == BioOperation.Flush;
            flushes += isFlush ? 1 : 0;
            writes += isFlush || joins ? 0 : 1;
            before = isFlush ? null : bio;
        }

        return (writes, flushes);
    }
}
