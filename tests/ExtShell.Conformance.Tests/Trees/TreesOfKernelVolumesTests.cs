using ExtShell.Check;
using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>What the kernel has written on a volume of ours, ExtShell reads as the kernel does.</summary>
public sealed class TreesOfKernelVolumesTests
{
    [RequiresKernelMountTheory("ln", "e2fsck")]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(3, "orphan_file")]
    [InlineData(4, "^metadata_csum")]
    [InlineData(5, "^dir_index")]
    [InlineData(6, "^extent,^64bit")]
    public void The_checker_and_the_engine_see_the_tree_that_the_kernel_shows(int seed, string features)
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        string image = folder.File("image");
        using (ImageFile file = ImageFile.Create(image, 64 << 20))
            VolumeMaker.Make(file, new() { Features = features, Seed = (ulong)seed });

        bool hasExtents = !features.Contains("^extent", StringComparison.Ordinal);
        FileTree kernel, attributed;
        using (LoopMount mount = LoopMount.Of(image))
        {
            new KernelWorkout(mount.Folder, seed, canPreallocate: hasExtents).Run(400);
            kernel = KernelTree.Read(mount.Folder);
            attributed = KernelTree.Read(mount.Folder, withAttributes: true);
        }

        Assert.True(kernel.Lines.Length > 100);
        Assert.Contains(attributed.Lines, line => line.Contains("user.name", StringComparison.Ordinal));
        using ImageFile written = ImageFile.Open(image, isReadOnly: true);
        var source = new StorageSource(written);
        FileTree.AssertSame(kernel, CheckedTree.Read(source), "the checker");
        if (hasExtents) // the engine reads no block maps yet
            FileTree.AssertSame(attributed, EngineTreeOf(written), "the engine");
        CheckReport report = ImageChecker.Check(source);
        Assert.True(report.IsClean, string.Join('\n', report.Findings));
        ToolResult check = ExternalTool.Run("e2fsck", "-fn", image);
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);
    }

    private static FileTree EngineTreeOf(ImageFile image)
    {
        var machine = new Machine();
        var disk = new SimulatedDisk(machine, image.Snapshot(), new DeviceTraits());
        using Volume volume = Volume.Mount(machine, disk, new() { ReadOnly = true });
        return EngineTree.Read(volume, withAttributes: true);
    }
}
