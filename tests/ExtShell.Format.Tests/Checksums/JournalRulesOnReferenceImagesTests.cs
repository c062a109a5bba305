using System.Globalization;
using ExtShell.Format.Journal;
using ExtShell.TestTools;

namespace ExtShell.Format.Tests.Checksums;

/// <summary>Every rule of the journal against journals that the kernel and debugfs wrote.</summary>
public class JournalRulesOnReferenceImagesTests
{
    [RequiresKernelMountTheory("mkfs.ext4", "sync")]
    [InlineData("-b 4096", "data=journal", "escaped")]
    [InlineData("-b 1024 -O ^64bit", "data=journal", "escaped")]
    [InlineData("-b 4096", "data=ordered", "revoke")] // with data=journal the kernel writes no revoke records
    [InlineData("-b 1024 -O ^64bit", "data=ordered", "revoke")]
    public void All_sums_of_the_kernels_version_3_match(string options, string mountOptions, string kind)
    {
        JournalWalk walk = WalkAfterKernel(options, mountOptions);
        Assert.Empty(walk.Wrong);
        Assert.True(walk.SuperBlock.Has(JournalIncompatibleFeatures.ChecksumV3));
        AssertAtLeastOne(walk, "superblock", "descriptor", "logged", "commit", "transaction", kind);
    }

    [RequiresKernelMountTheory("mkfs.ext4", "sync")]
    [InlineData("-b 4096 -O ^metadata_csum")]
    [InlineData("-b 1024 -O ^metadata_csum,^64bit")]
    public void All_sums_of_the_kernels_version_1_match(string options)
    {
        JournalWalk walk = WalkAfterKernel(options, "data=journal,journal_checksum");
        Assert.Empty(walk.Wrong);
        Assert.True(walk.SuperBlock.Has(JournalCompatibleFeatures.Checksum));
        AssertAtLeastOne(walk, "commit v1");
        Assert.Equal(walk.Matching["transaction"], walk.Matching["commit v1"]);
    }

    [RequiresKernelMountTheory("mkfs.ext4", "sync")]
    [InlineData("-b 4096 -O ^metadata_csum")]
    [InlineData("-b 4096 -O ^metadata_csum,^64bit")]
    public void A_journal_without_sums_is_walked_by_its_tags(string options)
    {
        JournalWalk walk = WalkAfterKernel(options, "data=journal");
        Assert.False(walk.SuperBlock.HasChecksumV2OrV3 || walk.SuperBlock.Has(JournalCompatibleFeatures.Checksum));
        AssertAtLeastOne(walk, "transaction", "plain", "escaped");
    }

    [RequiresToolTheory("mkfs.ext4", "debugfs")]
    [InlineData("-b 4096", 2)]
    [InlineData("-b 4096 -O ^64bit", 2)]
    [InlineData("-b 1024 -O ^64bit", 3)]
    public void All_sums_that_debugfs_writes_match(string options, int version)
    {
        using var folder = new TemporaryFolder();
        string image = folder.File("image");
        ReferenceImage.Make(image, "64M", options.Split(' '));
        byte[] blocks = new byte[3 * 4096];
        new Random(9).NextBytes(blocks);
        (blocks[4096], blocks[4097], blocks[4098], blocks[4099]) = (0xC0, 0x3B, 0x39, 0x98);
        File.WriteAllBytes(folder.File("blocks"), blocks);
        File.WriteAllText(
            folder.File("commands"),
            $"journal_open -c -v {version.ToString(CultureInfo.InvariantCulture)}\n"
            + $"journal_write -b 12000,12001,12002 {folder.File("blocks")}\njournal_write -r 12003,12004\njournal_close\n");
        ExternalTool.RunOrThrow("debugfs", "-w", "-f", folder.File("commands"), image);

        JournalWalk walk = new JournalWalk(File.ReadAllBytes(image)).Run();
        Assert.Empty(walk.Wrong);
        Assert.True(walk.SuperBlock.Has(version == 2 ? JournalIncompatibleFeatures.ChecksumV2 : JournalIncompatibleFeatures.ChecksumV3));
        Assert.Equal(3, walk.Matching["logged"]);
        AssertAtLeastOne(walk, "superblock", "descriptor", "revoke", "commit");
    }

    private static JournalWalk WalkAfterKernel(string options, string mountOptions)
    {
        using var folder = new TemporaryFolder();
        string image = folder.File("image");
        ReferenceImage.Make(image, "64M", options.Split(' '));
        ReferenceImage.FillByKernel(image, mountOptions, Fill, folder.File("dirty"));
        return new JournalWalk(File.ReadAllBytes(folder.File("dirty"))).Run();
    }

    /// <summary>Logs data that looks like the journal's own blocks, and directory blocks that are freed again.</summary>
    private static void Fill(string root)
    {
        byte[] data = new byte[3 * 4096];
        for (int i = 0; i < data.Length; i += 1024)
            (data[i], data[i + 1], data[i + 2], data[i + 3]) = (0xC0, 0x3B, 0x39, 0x98);
        File.WriteAllBytes(Path.Combine(root, "magic"), data);
        string folder = Directory.CreateDirectory(Path.Combine(root, "folder")).FullName;
        for (int i = 0; i < 100; i++)
            File.WriteAllBytes(Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture) + new string('n', 100)), []);
        ExternalTool.RunOrThrow("sync", "-f", root);
        Directory.Delete(folder, true);
        ExternalTool.RunOrThrow("sync", "-f", root);
    }

    private static void AssertAtLeastOne(JournalWalk walk, params string[] kinds) =>
        Assert.All(kinds, kind => Assert.True(walk.Matching.GetValueOrDefault(kind) > 0, kind));
}
