using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>A volume that was cut off while it was mounted: the engine and the kernel recover the same tree from it.</summary>
public sealed class RecoveryAgreementTests
{
    /// <summary>200 seeds with EXTSHELL_FULL=1, else a share of them.</summary>
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 200 : 6)];

    [RequiresKernelMountTheory("e2fsck")]
    [MemberData(nameof(Seeds))]
    public void Both_recover_a_volume_that_was_cut_off_to_the_same_tree(int seed)
    {
        using var host = new TestVolume(32 << 20, FeaturesOf(seed));
        var workload = new RandomWorkload(seed, host);
        workload.Run(120);

        using TemporaryFolder folder = TemporaryFolder.InMemory();
        string image = folder.File("image");
        host.WriteImage(image); // all that ended is on it, and it is mounted
        host.Crash();
        FileTree ours = EngineTree.Read(host.Volume);
        FileTree kernel;
        using (LoopMount mount = LoopMount.Of(image))
            kernel = KernelTree.Read(mount.Folder);
        FileTree.AssertSame(kernel, ours, "the engine");
        host.Volume.Unmount();
        (int exitCode, string output) = host.Check();
        Assert.True(exitCode == 0, output);
    }

    private static string FeaturesOf(int seed) => (seed % 5) switch
    {
        1 => "orphan_file",
        2 => "^metadata_csum",
        3 => "^has_journal",
        _ => "",
    };
}
