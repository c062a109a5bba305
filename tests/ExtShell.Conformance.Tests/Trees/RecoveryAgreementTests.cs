using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>A volume that was cut off while it was mounted: the engine and the kernel recover the same tree from it.</summary>
public sealed class RecoveryAgreementTests
{
    /// <summary>200 seeds with EXTSHELL_FULL=1, else a share of them.</summary>
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 200 : 8)];

    [RequiresKernelMountTheory("e2fsck")]
    [MemberData(nameof(Seeds))]
    public void Both_recover_a_volume_that_was_cut_off_to_the_same_tree(int seed)
    {
        VolumeKind kind = KindOf(seed);
        using TestVolume host = kind.Make();
        var workload = new RandomWorkload(seed, host);
        workload.Run(120);

        using TemporaryFolder folder = TemporaryFolder.InMemory();
        string image = folder.File("image");
        host.WriteImage(image); // all that ended is on it, and it is mounted
        host.Crash();
        FileTree ours = EngineTree.Read(host.Volume);
        FileTree kernel;
        using (LoopMount mount = LoopMount.Of(image))
            kernel = KernelTree.Read(mount.Folder, blockSizeBytes: kind.BlockSizeBytes);
        FileTree.AssertSame(kernel, ours, "the engine");
        host.Volume.Unmount();
        (int exitCode, string output) = host.Check();
        Assert.True(exitCode == 0, output);
    }

    private static VolumeKind KindOf(int seed) => (seed % 8) switch
    {
        1 => new(VolumeType.Ext4, Features: "orphan_file"),
        2 => new(VolumeType.Ext4, Features: "^metadata_csum"),
        3 => new(VolumeType.Ext4, Features: "^has_journal"),
        4 => new(VolumeType.Ext4),
        _ => VolumeKind.Of(seed),
    };
}
