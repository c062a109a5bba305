using ExtShell.Check.Tests.Fuzz;
using ExtShell.Check.Tests.Images;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;
using ExtShell.TestTools;

namespace ExtShell.Check.Tests;

public sealed class CleanImageTests
{
    [RequiresToolTheory("mkfs.ext4", "e2fsck")]
    [MemberData(nameof(ImageVariant.Names), MemberType = typeof(ImageVariant))]
    public void A_volume_just_made_is_clean(string variant) => AssertClean(FilledImages.GetEmpty(variant));

    [RequiresKernelMountTheory("mkfs.ext4", "e2fsck", "setfattr")]
    [MemberData(nameof(ImageVariant.Names), MemberType = typeof(ImageVariant))]
    public void A_volume_that_the_kernel_filled_is_clean(string variant) => AssertClean(FilledImages.Get(variant));

    [RequiresKernelMountTheory("mkfs.ext4", "setfattr")]
    [MemberData(nameof(ImageVariant.Names), MemberType = typeof(ImageVariant))]
    public void The_tree_is_what_the_kernel_lists(string variant)
    {
        byte[] image = FilledImages.Get(variant);
        var expected = new List<string>();
        FilledImages.Change(image, root => List(root, root, expected));
        expected.Sort(StringComparer.Ordinal);
        var found = new List<string>();
        foreach (TreeFile file in ImageChecker.Check(new MemorySource(image)).Tree.Enumerate())
        {
            string what = file.Inode.Kind switch
            {
                FileType.Directory => "directory", FileType.SymbolicLink => "link", _ => $"{file.Inode.SizeBytes}",
            };
            if (file.Path != "/")
                found.Add($"{file.Path} {what}");
        }

        found.Sort(StringComparer.Ordinal);
        Assert.Equal(expected, found);
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void A_volume_made_from_a_folder_is_clean_and_holds_its_files()
    {
        using var folder = TemporaryFolder.InMemory();
        string source = Directory.CreateDirectory(folder.File("source")).FullName;
        Directory.CreateDirectory(Path.Combine(source, "inner"));
        File.WriteAllBytes(Path.Combine(source, "inner/file"), [.. Enumerable.Repeat((byte)7, 10_000)]);
        string path = folder.File("image");
        ReferenceImage.Make(path, "16M", "-t", "ext4", "-b", "4096", "-d", source);
        byte[] image = File.ReadAllBytes(path);
        AssertClean(image);
        InodeFacts? file = ImageChecker.Check(new MemorySource(image)).Tree.Find("/inner/file");
        Assert.NotNull(file);
        Assert.Equal(10_000, file.SizeBytes);
        Assert.Equal(3u, Assert.Single(file.Runs.ToArray()).LengthBlocks);
    }

    [RequiresKernelMountFact("mkfs.ext4", "setfattr")]
    public void A_state_that_needs_recovery_says_so_and_is_judged_as_it_stands()
    {
        using var folder = TemporaryFolder.InMemory();
        string path = folder.File("image");
        ReferenceImage.Make(path, "64M", "-t", "ext4", "-b", "4096");
        string dirty = folder.File("dirty");
        ReferenceImage.FillByKernel(path, "", root => File.WriteAllText(Path.Combine(root, "a"), "a"), dirty);
        CheckReport report = ImageChecker.Check(new MemorySource(File.ReadAllBytes(dirty)));
        Assert.Contains(
            report.Findings, finding => finding is { Code: FindingCode.JournalNeedsRecovery, Severity: FindingSeverity.Warning });
    }

    [RequiresKernelMountFact("mkfs.ext4", "e2fsck", "fallocate")]
    public void Unwritten_blocks_past_the_end_are_a_warning()
    {
        byte[] image = FilledImages.Change(FilledImages.GetEmpty("ext4"), root =>
        {
            string file = Path.Combine(root, "kept");
            File.WriteAllText(file, "a");
            ExternalTool.RunOrThrow("fallocate", "-n", "-l", "300000", file);
        });
        CheckReport report = ImageChecker.Check(new MemorySource(image));
        Finding finding = Assert.Single(report.Findings);
        Assert.Equal((FindingCode.UnwrittenPastEnd, FindingSeverity.Warning), (finding.Code, finding.Severity));
        Assert.True(report.IsClean);
    }

    [Fact]
    public void What_is_no_volume_is_refused_by_type()
    {
        Assert.Throws<Format.Errors.CorruptionException>(() => ImageChecker.Check(new MemorySource(new byte[1000])));
        Assert.Throws<Format.Errors.CorruptionException>(() => ImageChecker.Check(new MemorySource(new byte[100_000])));
    }

    private static void AssertClean(byte[] image)
    {
        using var folder = TemporaryFolder.InMemory();
        string path = folder.File("image");
        File.WriteAllBytes(path, image);
        Assert.True(E2fsck.Run(path).IsClean);
        CheckReport report = ImageChecker.Check(new MemorySource(image));
        Assert.Empty(report.Findings);
        Assert.True(report.IsComplete);
        Assert.NotNull(report.Tree.Inode(InodeNumbers.Root));
    }

    private static void List(string root, string folder, List<string> lines)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            string path = "/" + Path.GetRelativePath(root, entry.FullName);
            bool isLink = entry.LinkTarget is not null;
            bool isDirectory = !isLink && entry is DirectoryInfo;
            lines.Add($"{path} {(isLink ? "link" : isDirectory ? "directory" : $"{((FileInfo)entry).Length}")}");
            if (isDirectory)
                List(root, entry.FullName, lines);
        }
    }
}
