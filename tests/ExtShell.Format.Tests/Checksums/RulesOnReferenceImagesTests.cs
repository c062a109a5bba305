using System.Globalization;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;
using ExtShell.TestTools;

namespace ExtShell.Format.Tests.Checksums;

/// <summary>Every rule against sums that mke2fs, debugfs and the kernel stored.</summary>
public class RulesOnReferenceImagesTests
{
    [RequiresToolTheory("mkfs.ext4")]
    [InlineData("64M", "")]
    [InlineData("16M", "-b 1024")]
    [InlineData("16M", "-b 1024 -O ^64bit")]
    [InlineData("16M", "-b 2048 -g 1024 -I 512")]
    [InlineData("16M", "-b 1024 -I 128")]
    [InlineData("16M", "-O metadata_csum_seed")]
    [InlineData("16M", "-b 1024 -g 256 -O meta_bg,^resize_inode")]
    [InlineData("64M", "-O bigalloc -C 16384")]
    public void All_sums_of_a_new_volume_match(string size, string options)
    {
        VolumeWalk walk = Walk(size, options);
        Assert.Empty(walk.Wrong);
        Assert.True(walk.Matching["inode"] >= 3);
        Assert.True(walk.Matching["descriptor"] == walk.Geometry.GroupCount);
        Assert.True(walk.Matching["directory block"] >= 2);
        Assert.True(walk.Matching["block bitmap"] >= 1 && walk.Matching["inode bitmap"] >= 1);
    }

    [RequiresToolTheory("mkfs.ext4")]
    [InlineData("-O ^metadata_csum,uninit_bg")]
    [InlineData("-O ^metadata_csum,uninit_bg,^64bit")]
    [InlineData("-O ^metadata_csum,uninit_bg -b 1024 -g 512")]
    public void The_old_sum_of_descriptors_matches(string options)
    {
        VolumeWalk walk = Walk("32M", options);
        Assert.Empty(walk.Wrong);
        Assert.Equal(walk.Geometry.GroupCount, walk.Matching["descriptor"]);
    }

    [RequiresToolFact("mkfs.ext4")]
    public void Blocks_of_the_orphan_file_match()
    {
        VolumeWalk walk = Walk("64M", "-O orphan_file");
        Assert.Empty(walk.Wrong);
        Assert.True(walk.Matching["orphan block"] >= 1);
    }

    [RequiresToolFact("mkfs.ext4")]
    public void Copies_of_the_superblock_match_their_own_sums()
    {
        using var folder = new TemporaryFolder();
        ReferenceImage.Make(folder.File("image"), "16M", "-b", "1024", "-g", "256");
        var source = new MemorySource(File.ReadAllBytes(folder.File("image")));
        VolumeGeometry geometry = VolumeGeometry.Read(source);
        int copies = 0;
        for (int group = 0; group < geometry.GroupCount; group++)
        {
            if (!geometry.HasSuperBlock(group))
                continue;
            SuperBlock copy = SuperBlockReader.Read(source, geometry.BlockOffsetBytes(geometry.SuperBlockBlock(group)));
            Assert.Equal(group, copy.BlockGroupNumber.Value);
            copies++;
        }

        Assert.Equal(9, copies); // 0, 1, 3, 5, 7, 9, 25, 27, 49
    }

    [RequiresKernelMountTheory("mkfs.ext4", "setfattr")]
    [InlineData("-b 1024")]
    [InlineData("-b 1024 -O ^64bit")]
    [InlineData("-b 4096 -O metadata_csum_seed")]
    public void All_sums_that_the_kernel_stored_match(string options)
    {
        using var folder = new TemporaryFolder();
        string image = folder.File("image");
        ReferenceImage.Make(image, "64M", options.Split(' '));
        ReferenceImage.FillByKernel(image, "", Fill);
        VolumeWalk walk = new VolumeWalk(File.ReadAllBytes(image)).Run();

        Assert.Empty(walk.Wrong);
        Assert.True(walk.Matching["entry"] >= 900);
        Assert.True(walk.Matching["extent block"] >= 1);
        Assert.True(walk.Matching["xattr block"] >= 1);
        Assert.True(walk.Matching["hash tree root"] >= 1);
        if (walk.Geometry.BlockSizeBytes == 1024)
            Assert.True(walk.Matching["hash tree node"] >= 1);
    }

    private static VolumeWalk Walk(string size, string options)
    {
        using var folder = new TemporaryFolder();
        ReferenceImage.Make(folder.File("image"), size, options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return new VolumeWalk(File.ReadAllBytes(folder.File("image"))).Run();
    }

    private static void Fill(string root)
    {
        string many = Directory.CreateDirectory(Path.Combine(root, "many")).FullName;
        for (int i = 0; i < 1000; i++)
            File.WriteAllBytes(Path.Combine(many, i.ToString(CultureInfo.InvariantCulture) + new string('n', 200)), []);
        for (int i = 0; i < 1000; i += 17)
            File.Delete(Path.Combine(many, i.ToString(CultureInfo.InvariantCulture) + new string('n', 200)));

        using (FileStream sparse = File.Create(Path.Combine(root, "sparse")))
        {
            for (int i = 0; i < 700; i++)
            {
                sparse.Position = i * 8192L;
                sparse.WriteByte(1);
            }
        }

        string marked = Path.Combine(root, "marked");
        File.WriteAllText(marked, "text");
        ExternalTool.RunOrThrow("setfattr", "-n", "user.large", "-v", new string('v', 600), marked);
        File.CreateSymbolicLink(Path.Combine(root, "short"), "target");
        File.CreateSymbolicLink(Path.Combine(root, "long"), new string('t', 100));
    }
}
