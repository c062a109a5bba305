using ExtShell.Check;
using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>
/// What the engine has written, the kernel and the checker read as the engine does, and e2fsck has nothing to say: on ext2, ext3 and ext4,
/// with 1, 2 and 4 KiB blocks, in each journal mode.
/// </summary>
public sealed class TreesOfEngineVolumesTests
{
    private const int SeedsInBatch = 20;
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1";

    /// <summary>Two hundred seeds of 80 operations; as a full count 500 seeds of 300.</summary>
    public static TheoryData<int> Batches() => [.. Enumerable.Range(0, IsFull ? 25 : 10)];

    [RequiresKernelMountTheory("e2fsck")]
    [MemberData(nameof(Batches))]
    public void The_kernel_sees_the_engine_s_tree_after_random_workloads(int batch)
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        for (int seed = batch * SeedsInBatch; seed < (batch + 1) * SeedsInBatch; seed++)
        {
            VolumeKind kind = VolumeKind.Of(seed);
            using TestVolume host = kind.Make(new MountOptions { Journal = kind.ModeOf(seed) });
            new RandomWorkload(seed, host).Run(IsFull ? 300 : 80);
            host.Volume.Sync();
            FileTree engine = EngineTree.Read(host.Volume);
            host.Volume.Unmount();

            var source = new StorageSource(host.Storage);
            FileTree.AssertSame(engine, CheckedTree.Read(source), $"the checker after seed {seed}");
            CheckReport report = ImageChecker.Check(source);
            Assert.True(report.IsClean, $"seed {seed}: {string.Join('\n', report.Findings)}");

            string image = folder.File($"image{seed}");
            File.WriteAllBytes(image, host.Storage.Read(0, (int)host.Storage.LengthBytes));
            ToolResult check = ExternalTool.Run("e2fsck", "-fn", image);
            Assert.True(check.ExitCode == 0, $"seed {seed}: {check.Output}{check.Errors}");
            using (LoopMount mount = LoopMount.Of(image, "ro"))
                FileTree.AssertSame(engine, KernelTree.Read(mount.Folder, blockSizeBytes: kind.BlockSizeBytes), $"the kernel after seed {seed}, {kind}");
            File.Delete(image);
        }
    }
}
