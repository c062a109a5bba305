using ExtShell.Check.Tests.Fuzz;
using ExtShell.Format.Sources;
using ExtShell.TestTools;

namespace ExtShell.Check.Tests;

/// <summary>Inodes that wait to be deleted or truncated are legal, and in use.</summary>
public sealed class OrphanTests
{
    private const string Deleted = "/gone";
    private const string Truncated = "/cut";

    [RequiresToolTheory("mkfs.ext4", "debugfs", "e2fsck")]
    [InlineData("-O", "metadata_csum")]
    [InlineData("-O", "^metadata_csum,^64bit")]
    public void Orphans_are_legal_and_judged_as_they_are_checked(params string[] options)
    {
        using var folder = TemporaryFolder.InMemory();
        string path = MakeImage(folder, options);
        byte[] before = File.ReadAllBytes(path);
        InodeFacts deleted = ImageChecker.Check(new MemorySource(before)).Tree.Find(Deleted)!;
        InodeFacts truncated = ImageChecker.Check(new MemorySource(before)).Tree.Find(Truncated)!;
        Debugfs(path, $"unlink {Deleted}");
        Debugfs(path, $"sif <{deleted.Number}> links_count 0");
        Debugfs(path, $"sif <{deleted.Number}> dtime @{truncated.Number}");
        Debugfs(path, $"sif <{truncated.Number}> size 100");
        Debugfs(path, $"ssv last_orphan {deleted.Number}");
        byte[] after = File.ReadAllBytes(path);

        CheckReport report = ImageChecker.Check(new MemorySource(after));
        Finding finding = Assert.Single(report.Findings);
        Assert.Equal(FindingCode.OrphansPending, finding.Code);
        Assert.True(report.Tree.Inode(deleted.Number)!.IsOrphan);
        Assert.True(report.Tree.Inode(truncated.Number)!.IsOrphan);
        AssertJudgedAlike(before, after);
        AssertJudgedAlike(after, before);

        ExternalTool.Run("e2fsck", "-fy", path);
        Assert.True(E2fsck.Run(path).IsClean);
        Assert.Empty(ImageChecker.Check(new MemorySource(File.ReadAllBytes(path))).Findings);
        AssertJudgedAlike(after, File.ReadAllBytes(path));
    }

    [RequiresToolFact("mkfs.ext4", "debugfs")]
    public void A_list_that_leads_into_itself_is_an_error()
    {
        using var folder = TemporaryFolder.InMemory();
        string path = MakeImage(folder, []);
        byte[] before = File.ReadAllBytes(path);
        uint inode = ImageChecker.Check(new MemorySource(before)).Tree.Find(Truncated)!.Number;
        Debugfs(path, $"sif <{inode}> dtime @{inode}");
        Debugfs(path, $"ssv last_orphan {inode}");
        byte[] after = File.ReadAllBytes(path);
        Assert.Contains(ImageChecker.Check(new MemorySource(after)).Findings, finding => finding.Code == FindingCode.OrphanListInvalid);
        AssertJudgedAlike(before, after);
    }

    private static string MakeImage(TemporaryFolder folder, string[] options)
    {
        string source = Directory.CreateDirectory(folder.File("source")).FullName;
        File.WriteAllBytes(source + Deleted, [.. Enumerable.Repeat((byte)1, 9000)]);
        File.WriteAllBytes(source + Truncated, [.. Enumerable.Repeat((byte)2, 40_000)]);
        string path = folder.File("image");
        ReferenceImage.Make(path, "16M", ["-t", "ext4", "-b", "4096", "-d", source, .. options]);
        return path;
    }

    private static void Debugfs(string path, string command) => ExternalTool.RunOrThrow("debugfs", "-w", "-R", command, path);

    private static void AssertJudgedAlike(byte[] from, byte[] to)
    {
        var changed = new List<ByteRange>();
        for (int at = 0; at < from.Length; at += 512)
        {
            if (!from.AsSpan(at, 512).SequenceEqual(to.AsSpan(at, 512)))
                changed.Add(new ByteRange(at, 512));
        }

        CheckReport whole = ImageChecker.Check(new MemorySource(to));
        CheckReport judged = CheckBase.Build(new MemorySource(from)).Judge(new MemorySource(to), [.. changed]);
        Assert.Equal(whole.Findings, judged.Findings);
        Assert.Equal(whole.Tree.Identity, judged.Tree.Identity);
        Assert.Equal(whole.Summary, judged.Summary);
    }
}
