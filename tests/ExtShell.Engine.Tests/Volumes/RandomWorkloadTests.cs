using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;

namespace ExtShell.Engine.Tests.Volumes;

public sealed class RandomWorkloadTests
{
    private const string NeedsExtents = "XfsStyle"; // it knows no written allocation, and no fallback
    private const string NeedsMemory = "Ext4Dax2014"; // its blocks are pages, and its data is not journalled

    [Theory]
    [MemberData(nameof(Seeds))]
    public void ReadsWhatWasWrittenBeforeAndAfterRemount(string protocol, int seed)
    {
        using var host = new TestVolume(
            options: OptionsFor(protocol, seed), blockSizeBytes: BlockSizeFor(protocol, seed % 5 == 0 ? seed / 5 % 2 : 2));
        new RandomWorkload(seed, host).RunOverRemounts(3);
    }

    [Theory]
    [MemberData(nameof(BlockMapSeeds))]
    public void BlockMappedVolumesReadWhatWasWrittenBeforeAndAfterRemount(string protocol, int seed)
    {
        using var host = new TestVolume(
            features: seed % 4 == 3 ? "^extent,^64bit" : "",
            options: OptionsFor(protocol, seed),
            blockSizeBytes: BlockSizeFor(protocol, seed % 3),
            type: (seed % 4) switch { 0 or 2 => VolumeType.Ext3, 1 => VolumeType.Ext2, _ => VolumeType.Ext4 },
            inodeSizeBytes: seed % 2 == 0 ? 128 : 256);
        new RandomWorkload(seed, host).RunOverRemounts(3);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void JournalModesReadWhatWasWrittenAndKeepWhatWasSynced(string protocol, int seed)
    {
        MountOptions options = OptionsFor(protocol, seed) with
        {
            Journal = seed % 3 == 0 || protocol == NeedsMemory ? JournalMode.Writeback : JournalMode.Journal,
        };
        using var host = new TestVolume(
            options: options, blockSizeBytes: BlockSizeFor(protocol, seed % 3),
            type: seed % 4 == 1 && protocol != NeedsExtents ? VolumeType.Ext3 : VolumeType.Ext4);
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
        host.AssertClean();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void KeepsWhatWasSyncedOverACut(string protocol, int seed)
    {
        using var host = new TestVolume(
            options: OptionsFor(protocol, seed), type: seed % 3 == 1 && protocol != NeedsExtents ? VolumeType.Ext3 : VolumeType.Ext4);
        var workload = new RandomWorkload(seed, host);
        for (int round = 0; round < 3; round++)
        {
            workload.Run(60);
            host.Volume.Sync();
            host.Crash();
            workload.Verify();
        }
    }

    /// <summary>Each protocol with seeds of its own; the default one with more.</summary>
    public static TheoryData<string, int> Seeds() => SeedsOf(WriteProtocols.Names);

    /// <summary>The same, of the protocols that write to block maps.</summary>
    public static TheoryData<string, int> BlockMapSeeds() => SeedsOf(WriteProtocols.Names.Where(static name => name != NeedsExtents));

    private static TheoryData<string, int> SeedsOf(IEnumerable<string> protocols)
    {
        int count = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 400 : 10;
        var seeds = new TheoryData<string, int>();
        foreach (string protocol in protocols)
        {
            for (int seed = 1; seed <= (protocol == MountOptions.Default.Protocol ? count : count / 2); seed++)
                seeds.Add(protocol, seed);
        }

        return seeds;
    }

    private static MountOptions OptionsFor(string protocol, int seed) => new() { Protocol = protocol, DioReadNoLock = seed % 3 != 0 };

    private static int BlockSizeFor(string protocol, int shift) => protocol == NeedsMemory ? 4096 : 1024 << shift;
}
