using ExtShell.Format.Errors;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Making;

/// <summary>
/// A volume that ExtShell makes is the one that mke2fs makes: same bytes, and where those are too many, same account by dumpe2fs.
/// </summary>
public sealed class MakingAgainstMke2fsTests
{
    public static TheoryData<string> SameBytes =>
    [
        "300K ext4 4096", "1M ext4 4096", "8M ext4 4096", "9M ext4 4096", "16M ext4 4096", "64M ext4 4096", "65M ext4 4096",
        "127M ext4 4096", "128M ext4 4096", "129M ext4 4096", "256M ext4 4096", "257M ext4 4096", "511M ext4 4096", "512M ext4 4096",
        "513M ext4 4096", "700M ext4 4096", "1M ext4 1024", "5000K ext4 1024", "20M ext4 1024", "64M ext4 1024", "200M ext4 1024",
        "4M ext4 2048", "64M ext4 2048", "300M ext4 2048",
        "64M ext3 4096", "64M ext3 1024", "200M ext3 2048", "64M ext2 4096", "64M ext2 1024", "2M ext2 1024",
        "64M ext4 4096 lazy", "300M ext4 4096 lazy", "64M ext3 4096 lazy",
        "64M ext4 4096 J=4", "64M ext4 4096 J=16", "64M ext4 4096 J=30", "300M ext4 4096 J=140", "64M ext2 4096 J=8", "64M ext4 1024 J=5",
        "64M ext4 4096 O=orphan_file", "300M ext4 4096 O=metadata_csum_seed,orphan_file", "64M ext4 4096 O=^has_journal",
        "64M ext4 4096 O=^resize_inode", "300M ext4 4096 O=^flex_bg", "300M ext4 4096 O=^64bit", "300M ext4 4096 O=^metadata_csum",
        "300M ext4 4096 O=^metadata_csum,uninit_bg", "300M ext4 4096 O=^extent,^64bit", "300M ext4 4096 O=^sparse_super,^resize_inode",
        "64M ext4 4096 O=^filetype,^dir_index,^ext_attr,^large_file",
        "64M ext4 4096 I=128", "64M ext4 4096 I=512", "300M ext4 4096 N=100", "300M ext4 4096 N=200000", "300M ext4 4096 i=1048576",
        "78112K ext4 1024 i=1048576", "64M ext4 4096 m=0 L=hello", "64M ext4 4096 m=1.5 L=0123456789abcdef", "64M ext4 4096 m=50",
    ];

    public static TheoryData<string> SameAccount =>
    [
        "1100M ext4 4096 i=4096", "2G ext4 4096", "2G ext4 4096 J=900", "2G ext4 4096 O=^flex_bg J=1000", "5G ext4 4096",
        "4G ext4 4096 i=4096", "17G ext4 4096", "65G ext4 4096", "129G ext4 4096", "33G ext3 4096",
    ];

    public static TheoryData<string> Refused =>
    [
        "100K ext4 4096", "200K ext4 4096", "64K ext4 4096", "60K ext2 1024", "64M ext4 4096 O=^extent", "64M ext4 4096 O=no_such_feature",
        "64M ext4 4096 J=3", "64M ext4 4096 J=40", "64M ext4 4096 I=100", "64M ext4 4096 I=8192", "64M ext4 4096 m=51",
        "64M ext4 4096 i=512",
        "64M ext4 4096 O=^sparse_super",
    ];

    [RequiresToolTheory("mke2fs", "dumpe2fs", "e2fsck")]
    [MemberData(nameof(SameBytes))]
    public void The_image_is_byte_for_byte_mke2fs_s(string text)
    {
        var made = new MakeCase(text);
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        (string ours, string theirs) = MakeBoth(made, folder);
        Assert.Empty(ImageDifference.Find(ours, theirs, made.BlockSizeBytes));
        Assert.Equal(Account(theirs), Account(ours));
        AssertSound(ours);
    }

    [RequiresToolTheory("mke2fs", "dumpe2fs", "e2fsck", "debugfs")]
    [MemberData(nameof(SameAccount))]
    public void Dumpe2fs_and_debugfs_tell_the_same_of_both(string text)
    {
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        (string ours, string theirs) = MakeBoth(new MakeCase(text), folder);
        Assert.Equal(Account(theirs), Account(ours));
        foreach (string inode in new[] { "<2>", "<7>", "<8>", "<11>" })
            Assert.Equal(Stat(theirs, inode), Stat(ours, inode));
        AssertSound(ours);
    }

    [RequiresToolTheory("mke2fs")]
    [MemberData(nameof(Refused))]
    public void What_mke2fs_refuses_is_refused_before_anything_is_written(string text)
    {
        var made = new MakeCase(text);
        using TemporaryFolder folder = TemporaryFolder.InMemory();
        Assert.NotEqual(0, made.MakeTheirs(folder.File("theirs")).ExitCode);
        FileSystemException refusal = Assert.Throws<FileSystemException>(() => made.MakeOurs(folder.File("ours")));
        Assert.Equal(Errno.EINVAL, refusal.Errno);
        Assert.False(File.ReadAllBytes(folder.File("ours")).AsSpan().ContainsAnyExcept((byte)0));
    }

    private static (string Ours, string Theirs) MakeBoth(MakeCase made, TemporaryFolder folder)
    {
        string theirs = folder.File("theirs");
        ToolResult result = made.MakeTheirs(theirs);
        Assert.True(result.ExitCode == 0, result.Errors);
        string ours = folder.File("ours");
        made.MakeOurs(ours);
        return (ours, theirs);
    }

    /// <summary>dumpe2fs's account without the two lines that <see cref="ImageDifference"/> leaves out.</summary>
    private static string[] Account(string image) =>
        LinesWithout(ExternalTool.RunOrThrow("dumpe2fs", image), "Lifetime writes:", "Checksum: ");

    /// <summary>
    /// debugfs's account of an inode without its checksum: where the tree has grown a level, mke2fs leaves the bytes of old entries behind
    /// the root's one entry, and ExtShell leaves zeroes.
    /// </summary>
    private static string[] Stat(string image, string inode) =>
        LinesWithout(ExternalTool.RunOrThrow("debugfs", "-R", $"stat {inode}", image), "Inode checksum:");

    private static string[] LinesWithout(string text, params string[] beginnings) =>
        [.. text.Split('\n').Where(line => !beginnings.Any(beginning => line.StartsWith(beginning, StringComparison.Ordinal)))];

    private static void AssertSound(string image)
    {
        ToolResult check = ExternalTool.Run("e2fsck", "-fn", image);
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);
    }
}
