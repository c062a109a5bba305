using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>
/// A volume that was cut off while it was mounted, with all on it that had ended: the engine and the kernel recover the same tree from it.
/// </summary>
public sealed class RecoveryAgreementTests
{
    private const int SeedsInBatch = 20;

    /// <summary>200 seeds with EXTSHELL_FULL=1, else 40.</summary>
    public static TheoryData<int> Batches() =>
        [.. Enumerable.Range(0, Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 10 : 2)];

    [RequiresKernelMountTheory("e2fsck")]
    [MemberData(nameof(Batches))]
    public void Both_recover_a_volume_that_was_cut_off_to_the_same_tree(int batch)
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        for (int seed = batch * SeedsInBatch; seed < (batch + 1) * SeedsInBatch; seed++)
        {
            WorkloadCase one = WorkloadCase.WithJournal[seed % WorkloadCase.WithJournal.Count];
            WorkloadMix mix = WorkloadMix.Of(seed);
            string name = $"seed {seed}: {mix.Name}, {one}";
            using TestVolume host = one.Make();
            mix.Start(seed, host).Run(120);

            string image = folder.File("image");
            host.WriteImage(image);
            host.Crash();
            FileTree ours = EngineTree.Read(host.Volume);
            FileTree kernel;
            using (LoopMount mount = LoopMount.Of(image))
                kernel = KernelTree.Read(mount.Folder, blockSizeBytes: one.Kind.BlockSizeBytes);
            FileTree.AssertSame(kernel, ours, $"the engine after {name}");
            host.Volume.Unmount();
            (int exitCode, string output) = host.Check();
            Assert.True(exitCode == 0, $"{name}: {output}");
        }
    }
}
