using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Making;

/// <summary>The kernel mounts what ExtShell makes, fills it, and leaves it sound.</summary>
public sealed class MadeVolumesInTheKernelTests
{
    [RequiresKernelMountTheory("e2fsck")]
    [InlineData("64M ext4 4096")]
    [InlineData("300M ext4 4096")]
    [InlineData("300M ext4 4096 lazy")]
    [InlineData("64M ext4 1024")]
    [InlineData("64M ext4 2048")]
    [InlineData("64M ext4 4096 O=orphan_file,metadata_csum_seed")]
    [InlineData("2G ext4 4096 J=900")]
    [InlineData("17G ext4 4096")]
    public void The_kernel_writes_to_it_and_e2fsck_is_silent(string text)
    {
        var made = new MakeCase(text);
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        string image = folder.File("image");
        made.MakeOurs(image);
        ReferenceImage.FillByKernel(image, "", mountPoint =>
        {
            Assert.Equal(["lost+found"], Directory.EnumerateFileSystemEntries(mountPoint).Select(Path.GetFileName));
            for (int i = 0; i < 200; i++)
            {
                string inside = Directory.CreateDirectory(Path.Combine(mountPoint, $"folder{i % 20}")).FullName;
                File.WriteAllBytes(Path.Combine(inside, $"file{i}"), new byte[(i * 997) + 1]);
            }

            ExternalTool.RunOrThrow("sync", "-f", mountPoint);
        });
        ToolResult check = ExternalTool.Run("e2fsck", "-fn", image);
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);
        ReferenceImage.FillByKernel(
            image, "ro",
            mountPoint => Assert.Equal(new byte[(199 * 997) + 1], File.ReadAllBytes(Path.Combine(mountPoint, "folder19", "file199"))));
    }

    [RequiresKernelMountFact("e2fsck")]
    public void Stale_content_does_not_keep_the_kernel_from_using_the_volume()
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        string image = folder.File("image");
        using (Engine.Devices.ImageFile file = Engine.Devices.ImageFile.Create(image, 64 << 20))
            Engine.Volumes.Making.VolumeMaker.Make(file, new() { FillFreeBlocks = true });
        ReferenceImage.FillByKernel(image, "", mountPoint => File.WriteAllText(Path.Combine(mountPoint, "small"), "seen"));
        ToolResult check = ExternalTool.Run("e2fsck", "-fn", image);
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);
    }
}
