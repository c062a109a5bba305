using ExtShell.Engine.IO;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;

namespace ExtShell.Engine.Tests.IO;

/// <summary>Every protocol, cured, under the default one's workloads: what was written is read, and e2fsck is silent.</summary>
public sealed class ProtocolWorkloadTests
{
    private static bool IsFull => Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1";

    public static TheoryData<string, int> Seeds()
    {
        var cases = new TheoryData<string, int>();
        foreach (string protocol in WriteProtocols.Names.Where(static name => name != MountOptions.Default.Protocol))
        {
            for (int seed = 1; seed <= (IsFull ? 200 : 5); seed++)
                cases.Add(protocol, seed);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_was_written_is_read_before_and_after_a_remount(string protocol, int seed)
    {
        using TestVolume host = NewHost(protocol, seed);
        new RandomWorkload(seed, host).RunOverRemounts(2);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_was_synced_survives_a_cut(string protocol, int seed)
    {
        using TestVolume host = NewHost(protocol, seed);
        var workload = new RandomWorkload(seed, host);
        for (int round = 0; round < 2; round++)
        {
            workload.Run(60);
            host.Volume.Sync();
            host.Crash();
            workload.Verify();
        }
    }

    private static TestVolume NewHost(string protocol, int seed) => new(
        type: protocol == "Ext3Indirect" ? seed % 4 == 0 ? VolumeType.Ext4 : VolumeType.Ext3
            : seed % 4 == 3 && protocol != "XfsStyle" ? VolumeType.Ext3 : VolumeType.Ext4,
        options: new MountOptions { Protocol = protocol, DioReadNoLock = seed % 3 != 0 },
        blockSizeBytes: BlockSizeFor(protocol, seed));

    /// <summary>Where data is memory, blocks are pages.</summary>
    private static int BlockSizeFor(string protocol, int seed) =>
        seed % 5 != 0 || WriteProtocols.Describe(protocol).DataPath == DataPath.Memory ? 4096 : 1024 << (seed / 5 % 2);
}
