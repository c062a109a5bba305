using ExtShell.Check.Facts;
using ExtShell.Check.Tests.Fuzz;
using ExtShell.Check.Tests.Images;
using ExtShell.Format.Checksums;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;
using ExtShell.TestTools;

namespace ExtShell.Check.Tests;

/// <summary>Reading decides undecided bytes: so the checker reads what it interprets, and nothing of what did not verify.</summary>
public sealed class UndecidedStateTests
{
    [RequiresKernelMountFact("mkfs.ext4", "setfattr")]
    public void Of_an_undecided_inode_table_only_records_that_may_be_in_use_are_read_each_for_itself()
    {
        byte[] image = FilledImages.Get("ext4");
        Volume volume = new TargetList(image).Volume;
        GroupFacts group = GroupFacts.Read(volume, 0);
        long table = volume.Geometry.BlockOffsetBytes(group.InodeTable);
        ReadOnlySpan<byte> descriptor = image.AsSpan((int)volume.Geometry.DescriptorOffsetBytes(0), volume.Geometry.DescriptorSizeBytes);
        int usable = volume.Geometry.InodesPerGroup - GroupDescriptor.Load(descriptor).UnusedInodesCount(true);
        Assert.InRange(usable, 1, volume.Geometry.InodesPerGroup - 1);
        var range = new ByteRange(table, (long)volume.Geometry.InodeTableBlocksCount * volume.BlockSizeBytes);
        var source = new RecordingSource(image, [range]);
        CheckReport report = CheckBase.Build(new MemorySource(image)).Judge(source, [range]);
        Assert.Empty(report.Findings);
        ByteRange[] inside = [.. source.Reads.Where(read => read.OffsetBytes < range.EndBytes && read.EndBytes > range.OffsetBytes)];
        Assert.NotEmpty(inside);
        Assert.All(inside, read => Assert.Equal(volume.Geometry.InodeSizeBytes, read.LengthBytes));
        Assert.All(inside, read => Assert.InRange(read.OffsetBytes, table, table + ((usable - 1L) * volume.Geometry.InodeSizeBytes)));
    }

    [RequiresKernelMountFact("mkfs.ext4", "setfattr")]
    public void The_log_the_data_of_files_and_free_blocks_are_not_read()
    {
        byte[] image = FilledImages.Get("ext4");
        CheckReport whole = ImageChecker.Check(new MemorySource(image));
        MappedRun log = whole.Tree.Inode(InodeNumbers.Journal)!.Runs[0];
        MappedRun data = whole.Tree.Find("/sparse")!.Runs[0];
        const int block = 4096;
        ByteRange[] ranges =
        [
            new ByteRange((log.PhysicalBlock + 1) * block, (log.LengthBlocks - 1L) * block),
            new ByteRange(data.PhysicalBlock * block, block),
            new ByteRange(image.Length - (100 * block), 100 * block),
        ];
        var source = new RecordingSource(image, ranges);
        Assert.Empty(CheckBase.Build(new MemorySource(image)).Judge(source, ranges).Findings);
        Assert.DoesNotContain(
            source.Reads, read => ranges.Any(range => read.OffsetBytes < range.EndBytes && read.EndBytes > range.OffsetBytes));
        var whole2 = new RecordingSource(image, ranges);
        ImageChecker.Check(whole2);
        Assert.DoesNotContain(
            whole2.Reads, read => ranges.Any(range => read.OffsetBytes < range.EndBytes && read.EndBytes > range.OffsetBytes));
    }

    [RequiresKernelMountTheory("mkfs.ext4", "setfattr")]
    [InlineData(TargetKind.BlockBitmap, FindingCode.BlockBitmapChecksumMismatch)]
    [InlineData(TargetKind.InodeBitmap, FindingCode.InodeBitmapChecksumMismatch)]
    [InlineData(TargetKind.ExtentBlock, FindingCode.ExtentChecksumMismatch)]
    [InlineData(TargetKind.DirectoryBlock, FindingCode.DirectoryChecksumMismatch)]
    [InlineData(TargetKind.AttributeBlock, FindingCode.AttributeChecksumMismatch)]
    [InlineData(TargetKind.SuperBlock, FindingCode.SuperBlockChecksumMismatch)]
    public void What_does_not_verify_is_reported_and_not_interpreted(object kind, FindingCode expected)
    {
        byte[] image = FilledImages.Get("ext4");
        var targets = new TargetList(image);
        MutationTarget target = targets.Of((TargetKind)kind).First(one => one.Role is DirectoryBlockRole.Linear or DirectoryBlockRole.Leaf);
        byte[] state = (byte[])image.Clone();
        state[target.OffsetBytes + 1] ^= 0x40;
        var range = new ByteRange(target.OffsetBytes, target.LengthBytes);
        var source = new RecordingSource(state, [range]);
        CheckReport report = CheckBase.Build(new MemorySource(image)).Judge(source, [range]);
        Assert.Contains(report.Findings, finding => finding.Code == expected);
        Assert.False(report.IsClean);
        Assert.DoesNotContain(source.Reads, read => read.OffsetBytes < range.EndBytes && read.EndBytes > range.OffsetBytes);
    }

    /// <summary>Notes what is read plainly; a range verified with success counts as decided from then on.</summary>
    private sealed class RecordingSource(byte[] image, ByteRange[] undecided) : IByteSource
    {
        private readonly MemorySource _source = new(image);
        private readonly List<ByteRange> _decided = [];

        public List<ByteRange> Reads { get; } = [];

        public long LengthBytes => image.Length;

        public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes)
        {
            if (!IsDecided(offsetBytes, lengthBytes))
            {
                Reads.Add(new ByteRange(offsetBytes, lengthBytes));
                _decided.Add(new ByteRange(offsetBytes, lengthBytes));
            }

            return _source.Read(offsetBytes, lengthBytes);
        }

        public bool IsDecided(long offsetBytes, int lengthBytes) =>
            !undecided.Any(range => offsetBytes < range.EndBytes && offsetBytes + lengthBytes > range.OffsetBytes)
            || _decided.Any(range => range.OffsetBytes <= offsetBytes && offsetBytes + lengthBytes <= range.EndBytes);

        public bool TryReadVerified(long offsetBytes, int lengthBytes, in ChecksumRule rule, out ReadOnlySpan<byte> bytes)
        {
            bytes = _source.Read(offsetBytes, lengthBytes);
            bool matches = rule.Matches(_source);
            if (matches)
                _decided.Add(new ByteRange(offsetBytes, lengthBytes));
            return matches;
        }
    }
}
