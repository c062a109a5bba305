using ExtShell.Check;
using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>
/// What the engine has written, the kernel and the checker read as the engine does, and e2fsck has nothing to say: by each protocol, on
/// ext2, ext3 and ext4, with 1, 2 and 4 KiB blocks, in each journal mode.
/// </summary>
/// <remarks>
/// 140 seeds of 80 operations; with <c>EXTSHELL_FULL=1</c> 500 of 300. A share of the full count is a batch of 20 seeds:
/// <c>--filter "FullyQualifiedName~TreesOfEngineVolumes&amp;DisplayName~batch: 7)"</c>.
/// </remarks>
public sealed class TreesOfEngineVolumesTests
{
    private const int SeedsInBatch = 20;
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1";
    private static readonly int BatchCount = IsFull ? 25 : 7;

    /// <summary>The batches.</summary>
    public static TheoryData<int> Batches() => [.. Enumerable.Range(0, BatchCount)];

    [RequiresKernelMountTheory("e2fsck")]
    [MemberData(nameof(Batches))]
    public void The_kernel_sees_the_engine_s_tree_after_random_workloads(int batch)
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        for (int seed = batch * SeedsInBatch; seed < (batch + 1) * SeedsInBatch; seed++)
        {
            WorkloadCase one = CaseOf(seed);
            string name = $"seed {seed}: {one}";
            using TestVolume host = one.Make();
            (FileTree engine, FileTree withAttributes) = RunOn(host, seed, name);
            var source = new StorageSource(host.Storage);
            FileTree.AssertSame(engine, CheckedTree.Read(source), $"the checker after {name}");
            CheckReport report = ImageChecker.Check(source);
            Assert.True(report.IsClean, $"{name}: {string.Join('\n', report.Findings)}");

            string image = folder.File($"image{seed}");
            host.WriteImage(image);
            ToolResult check = ExternalTool.Run("e2fsck", "-fn", image);
            Assert.True(check.ExitCode == 0, $"{name}: {check.Output}{check.Errors}");
            using (LoopMount mount = LoopMount.Of(image, "ro"))
                FileTree.AssertSame(withAttributes, KernelTree.Read(mount.Folder, withAttributes: true, one.Kind.BlockSizeBytes),
                    $"the kernel after {name}");
            File.Delete(image);
        }
    }

    [Fact]
    public void The_seeds_go_through_all_protocols_modes_and_sizes_of_blocks()
    {
        WorkloadCase[] cases = [.. Enumerable.Range(0, BatchCount * SeedsInBatch).Select(CaseOf)];
        Assert.Equal(WriteProtocols.Names.Order(), cases.Select(static one => one.Options.Protocol).Distinct().Order());
        Assert.Equal(Enum.GetValues<JournalMode>(), cases.Select(static one => one.Options.Journal).Distinct().Order());
        Assert.Equal([1024, 2048, 4096], cases.Select(static one => one.Kind.BlockSizeBytes).Distinct().Order());
        Assert.Equal(VolumeKind.All.Count, cases.Select(static one => one.Kind).Distinct().Count());
        foreach (string protocol in WriteProtocols.Names)
            Assert.Equal(
                2, cases.Where(one => one.Options.Protocol == protocol).Select(static one => one.Options.DioReadNoLock).Distinct().Count());
    }

    private static WorkloadCase CaseOf(int seed) => WorkloadCase.All[seed % WorkloadCase.All.Count];

    private static (FileTree Plain, FileTree WithAttributes) RunOn(TestVolume host, int seed, string name)
    {
        try
        {
            var workload = new RandomWorkload(seed, host, shortestNameBytes: seed % 4 == 0 ? WorkloadMix.LongNameBytes : 0);
            workload.Run(IsFull ? 300 : 80);
            new AttributeWorkload(seed, host.Volume,
                workload.Model.Files.Keys.Concat(workload.Model.Directories.Select(path => path + "/."))).Run(IsFull ? 100 : 30);
            host.Volume.Sync();
            FileTree tree = EngineTree.Read(host.Volume);
            FileTree withAttributes = EngineTree.Read(host.Volume, withAttributes: true);
            host.Volume.Unmount();
            return (tree, withAttributes);
        }
        catch (Exception failed)
        {
            throw new InvalidOperationException(name, failed);
        }
    }
}
