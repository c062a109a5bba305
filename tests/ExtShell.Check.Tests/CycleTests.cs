using ExtShell.Check.Tests.Fuzz;
using ExtShell.Format.Sources;
using ExtShell.TestTools;

namespace ExtShell.Check.Tests;

/// <summary>Directories that contain each other have names, and no way leads to them.</summary>
public sealed class CycleTests
{
    [RequiresToolFact("mkfs.ext4", "debugfs", "e2fsck")]
    public void A_cycle_of_directories_is_unconnected_and_judged_as_it_is_checked()
    {
        using var folder = TemporaryFolder.InMemory();
        string source = folder.File("source");
        Directory.CreateDirectory(Path.Combine(source, "a/b/c"));
        string path = folder.File("image");
        ReferenceImage.Make(path, "16M", "-t", "ext4", "-b", "4096", "-d", source);
        byte[] before = File.ReadAllBytes(path);
        VolumeTree tree = ImageChecker.Check(new MemorySource(before)).Tree;
        uint outer = tree.Find("/a")!.Number;
        uint inner = tree.Find("/a/b/c")!.Number;
        ExternalTool.RunOrThrow("debugfs", "-w", "-R", $"link <{outer}> <{inner}>/up", path);
        ExternalTool.RunOrThrow("debugfs", "-w", "-R", "unlink /a", path);
        byte[] after = File.ReadAllBytes(path);
        Assert.False(E2fsck.Run(path).IsClean);

        CheckReport whole = ImageChecker.Check(new MemorySource(after));
        Finding unconnected = Assert.Single(whole.Findings, finding => finding.Code == FindingCode.DirectoryUnconnected);
        Assert.Equal(Math.Min(outer, inner), unconnected.Where.Inode);
        Assert.Null(whole.Tree.Find("/a"));
        AssertJudgedAlike(before, after);
        AssertJudgedAlike(after, before);
    }

    private static void AssertJudgedAlike(byte[] from, byte[] to)
    {
        CheckReport whole = ImageChecker.Check(new MemorySource(to));
        CheckReport judged = CheckBase.Build(new MemorySource(from)).Judge(new MemorySource(to), [new ByteRange(0, to.Length)]);
        Assert.Equal(whole.Findings, judged.Findings);
        Assert.Equal(whole.Tree.Identity, judged.Tree.Identity);
    }
}
