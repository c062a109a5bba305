using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Volumes;

public sealed class RandomWorkloadTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void ReadsWhatWasWrittenBeforeAndAfterRemount(int seed)
    {
        using var host = new TestVolume(options: OptionsFor(seed), blockSizeBytes: 1024 << (seed % 5 == 0 ? seed / 5 % 2 : 2));
        var workload = new RandomWorkload(seed, host);
        for (int round = 0; round < 3; round++)
        {
            workload.Run(80);
            workload.Verify();
            host.Remount();
            workload.Verify();
        }

        host.Volume.Unmount();
        if (ExternalTool.Find("e2fsck") is not null)
        {
            (int exitCode, string output) = host.Check();
            Assert.True(exitCode == 0, output);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void BlockMappedVolumesReadWhatWasWrittenBeforeAndAfterRemount(int seed)
    {
        using var host = new TestVolume(
            features: seed % 4 == 3 ? "^extent,^64bit" : "",
            options: OptionsFor(seed),
            blockSizeBytes: 1024 << (seed % 3),
            type: (seed % 4) switch { 0 or 2 => VolumeType.Ext3, 1 => VolumeType.Ext2, _ => VolumeType.Ext4 },
            inodeSizeBytes: seed % 2 == 0 ? 128 : 256);
        var workload = new RandomWorkload(seed, host);
        for (int round = 0; round < 3; round++)
        {
            workload.Run(80);
            workload.Verify();
            host.Remount();
            workload.Verify();
        }

        host.Volume.Unmount();
        if (ExternalTool.Find("e2fsck") is not null)
        {
            (int exitCode, string output) = host.Check();
            Assert.True(exitCode == 0, output);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void JournalModesReadWhatWasWrittenAndKeepWhatWasSynced(int seed)
    {
        MountOptions options = OptionsFor(seed) with { Journal = seed % 3 == 0 ? JournalMode.Writeback : JournalMode.Journal };
        using var host = new TestVolume(
            options: options, blockSizeBytes: 1024 << (seed % 3), type: seed % 4 == 1 ? VolumeType.Ext3 : VolumeType.Ext4);
        var workload = new RandomWorkload(seed, host);
        for (int round = 0; round < 3; round++)
        {
            workload.Run(80);
            workload.Verify();
            host.Remount();
            workload.Verify();
            workload.Run(60);
            host.Volume.Sync();
            host.Crash();
            workload.Verify();
        }

        host.Volume.Unmount();
        if (ExternalTool.Find("e2fsck") is not null)
        {
            (int exitCode, string output) = host.Check();
            Assert.True(exitCode == 0, output);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void KeepsWhatWasSyncedOverACut(int seed)
    {
        using var host = new TestVolume(options: OptionsFor(seed), type: seed % 3 == 1 ? VolumeType.Ext3 : VolumeType.Ext4);
        var workload = new RandomWorkload(seed, host);
        for (int round = 0; round < 3; round++)
        {
            workload.Run(60);
            host.Volume.Sync();
            host.Crash();
            workload.Verify();
        }
    }

    public static TheoryData<int> Seeds() =>
        [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 400 : 10)];

    private static MountOptions OptionsFor(int seed) => new() { DioReadNoLock = seed % 3 != 0 };
}
