using System.Globalization;
using System.Text.RegularExpressions;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;
using ExtShell.TestTools;

namespace ExtShell.Format.Tests.Layout;

/// <summary>Where groups, copies, descriptors and tables are, compared with what dumpe2fs prints for images of many shapes.</summary>
public partial class GeometryAgainstDumpe2fsTests
{
    [RequiresToolTheory("mkfs.ext4", "dumpe2fs")]
    [InlineData("64M", "")]
    [InlineData("16M", "-b 1024")]
    [InlineData("33M", "-b 2048 -g 2048")]
    [InlineData("16M", "-b 1024 -g 256")]
    [InlineData("16M", "-b 1024 -g 256 -O ^64bit")]
    [InlineData("16M", "-b 1024 -g 256 -O ^resize_inode")]
    [InlineData("16M", "-b 1024 -g 256 -O meta_bg,^resize_inode")]
    [InlineData("16M", "-b 1024 -g 256 -O meta_bg,^resize_inode,^sparse_super,^64bit")]
    [InlineData("16M", "-b 1024 -g 256 -O ^sparse_super,^resize_inode")]
    [InlineData("16M", "-b 1024 -g 256 -O sparse_super2")]
    [InlineData("16M", "-b 1024 -g 256 -O sparse_super2,^resize_inode -E num_backup_sb=1")]
    [InlineData("64M", "-b 4096 -O meta_bg,^resize_inode -g 512")]
    [InlineData("64M", "-b 4096 -O bigalloc -C 16384")]
    [InlineData("64M", "-b 1024 -O bigalloc -C 16384")]
    [InlineData("64M", "-b 1024 -O bigalloc,meta_bg,^resize_inode -C 8192 -g 8192")]
    [InlineData("32M", "-b 4096 -I 128 -O ^has_journal")]
    [InlineData("32M", "-t ext2 -b 1024")]
    [InlineData("32M", "-t ext3 -b 4096 -I 1024")]
    public void Places_are_where_dumpe2fs_finds_them(string size, string options)
    {
        using var folder = new TemporaryFolder();
        string image = folder.File("image");
        ReferenceImage.Make(image, size, options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var source = new MemorySource(File.ReadAllBytes(image));
        VolumeGeometry geometry = VolumeGeometry.Read(source);
        string dump = ExternalTool.RunOrThrow("dumpe2fs", image);

        AssertHeader(dump, geometry, SuperBlockReader.Read(source));
        MatchCollection groups = GroupPattern().Matches(dump);
        Assert.Equal(geometry.GroupCount, groups.Count);
        for (int group = 0; group < groups.Count; group++)
            AssertGroup(groups[group].Groups["body"].Value, group, geometry, source);
    }

    private static void AssertHeader(string dump, VolumeGeometry geometry, in SuperBlock superBlock)
    {
        Assert.Equal(Header(dump, "Block count"), geometry.BlocksCount);
        Assert.Equal(Header(dump, "Inode count"), geometry.InodesCount);
        Assert.Equal(Header(dump, "First block"), geometry.FirstDataBlock);
        Assert.Equal(Header(dump, "Block size"), geometry.BlockSizeBytes);
        Assert.Equal(Header(dump, "Blocks per group"), geometry.BlocksPerGroup);
        Assert.Equal(Header(dump, "Inodes per group"), geometry.InodesPerGroup);
        Assert.Equal(Header(dump, "Inode blocks per group"), geometry.InodeTableBlocksCount);
        Assert.Equal(Header(dump, "Inode size"), geometry.InodeSizeBytes);
        Assert.Equal(Header(dump, "First inode"), geometry.FirstInode);
        string features = Regex.Match(dump, @"^Filesystem features:\s+(.*?)\s*$", RegexOptions.Multiline).Groups[1].Value;
        Assert.Equal(
            features, string.Join(' ', FeatureNames.All(superBlock.Compatible, superBlock.Incompatible, superBlock.ReadOnlyCompatible)));
        Assert.Equal(Regex.Match(dump, @"^Filesystem UUID:\s+(\S+)", RegexOptions.Multiline).Groups[1].Value, geometry.Uuid.ToString());
    }

    private static void AssertGroup(string body, int group, VolumeGeometry geometry, MemorySource source)
    {
        (long first, long last) = Range(body, @"\(Blocks (\d+)-(\d+)\)")!.Value;
        Assert.Equal((first, last - first + 1), (geometry.GroupFirstBlock(group), geometry.BlocksInGroup(group)));
        Assert.Equal(group, geometry.GroupOfBlock(first));
        Assert.Equal(group, geometry.GroupOfBlock(last));

        long? copy = Range(body, @"superblock at (\d+)")?.First;
        Assert.Equal(copy is not null, geometry.HasSuperBlock(group));
        if (copy is not null)
            Assert.Equal(copy, geometry.SuperBlockBlock(group));

        long descriptors = Length(Range(body, @"Group descriptors? at (\d+)(?:-(\d+))?"));
        long reserved = Length(Range(body, @"Reserved GDT blocks at (\d+)(?:-(\d+))?"));
        int boot = group == 0 && geometry.FirstDataBlock == 0 && geometry.BlockSizeBytes == 1024 ? 1 : 0;
        Assert.Equal((copy is null ? 0 : 1) + descriptors + reserved + boot, geometry.BaseMetadataBlocksCount(group));

        long offsetBytes = geometry.DescriptorOffsetBytes(group);
        GroupDescriptor descriptor = GroupDescriptor.Load(source.Read(offsetBytes, geometry.DescriptorSizeBytes));
        Assert.Equal(Range(body, @"Block bitmap at (\d+)")!.Value.First, descriptor.BlockBitmap(geometry.Is64Bit));
        Assert.Equal(Range(body, @"Inode bitmap at (\d+)")!.Value.First, descriptor.InodeBitmap(geometry.Is64Bit));
        (long table, long tableLast) = Range(body, @"Inode table at (\d+)-(\d+)")!.Value;
        Assert.Equal((table, tableLast - table + 1), (descriptor.InodeTable(geometry.Is64Bit), geometry.InodeTableBlocksCount));
        Match counts = Regex.Match(body, @"(\d+) free (?:blocks|clusters), (\d+) free inodes, (\d+) directories(?:, (\d+) unused inodes)?");
        Assert.Equal(Number(counts.Groups[1]), descriptor.FreeBlocksCount(geometry.Is64Bit));
        Assert.Equal(Number(counts.Groups[2]), descriptor.FreeInodesCount(geometry.Is64Bit));
        Assert.Equal(Number(counts.Groups[3]), descriptor.UsedDirectoriesCount(geometry.Is64Bit));
        if (counts.Groups[4].Success)
            Assert.Equal(Number(counts.Groups[4]), descriptor.UnusedInodesCount(geometry.Is64Bit));
    }

    private static long Header(string dump, string name) =>
        long.Parse(Regex.Match(dump, $@"^{name}:\s+(\d+)", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);

    private static (long First, long Last)? Range(string body, string pattern)
    {
        Match match = Regex.Match(body, pattern);
        if (!match.Success)
            return null;
        long first = Number(match.Groups[1]);
        return (first, match.Groups.Count > 2 && match.Groups[2].Success ? Number(match.Groups[2]) : first);
    }

    private static long Length((long First, long Last)? range) => range is null ? 0 : range.Value.Last - range.Value.First + 1;

    private static long Number(Group group) => long.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Group \d+: (?<body>.*?)(?=^Group \d+:|\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex GroupPattern();
}
