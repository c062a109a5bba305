using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>Checks that an inode's size and count of blocks fit its map.</summary>
/// <remarks>
/// Rules, e2fsck's.
/// (1) A directory's size is its blocks'.
/// (2) A file's size is not less than where its last written block begins. Unwritten blocks may lie past the end.
/// (3) A file with block numbers is no longer than these reach, one with extents no longer than 2^32 blocks.
/// (4) i_blocks counts the blocks, those of the map and of attributes included, in 512 bytes or, with the huge flag, in blocks.
/// (5) A symbolic link's target fills its size.
/// An orphan's size is what recovery will cut it to: (2) does not hold for it yet.
/// </remarks>
internal sealed class SizeCheck(Volume volume, MapScan scan)
{
    private const int SectorSizeBytes = 512;
    private const long LargeFileSizeBytes = 1L << 31;
    private const int LargestDirectoryLog = 21;
    private readonly int _shift = volume.Geometry.BlockSizeShift;

    public void Check(uint inode, in InodeRecord record, InodeContent content, int inlineAttributeBytes, bool isReserved, bool isOrphan)
    {
        if (inode == InodeNumbers.BadBlocks)
            return;
        bool hasMap = content is InodeContent.Extents or InodeContent.BlockMap or InodeContent.ResizeMap;
        if (record.IsDirectory && content == InodeContent.Inline && !isReserved)
            CheckInlineDirectory(inode, record, inlineAttributeBytes);
        else if (record.IsDirectory && !isReserved)
            CheckDirectorySize(inode, record);
        else if ((hasMap || content == InodeContent.Inline) && content != InodeContent.ResizeMap && !record.IsSymbolicLink)
            CheckFileSize(inode, record, content, isOrphan);
        else if (record.IsSymbolicLink)
            CheckLink(inode, record, content);
        if (record.IsRegular && record.Size >= LargeFileSizeBytes && !volume.HasLargeFile)
            Report(FindingCode.LargeFileFeatureMissing, inode, $"a file of {record.Size} bytes needs large_file");
        CheckBlocksCount(inode, record);
    }

    /// <summary>The target of a symbolic link whose content is in a block.</summary>
    public byte[] ReadLinkTarget(long sizeBytes)
    {
        ReadOnlySpan<MappedRun> runs = scan.Runs;
        if (runs.IsEmpty || runs[0].LogicalBlock != 0 || sizeBytes <= 0 || sizeBytes > volume.BlockSizeBytes)
            return [];
        return volume.Source.Read(volume.Geometry.BlockOffsetBytes(runs[0].PhysicalBlock), (int)sizeBytes).ToArray();
    }

    private void CheckInlineDirectory(uint inode, in InodeRecord record, int inlineAttributeBytes) // (1)
    {
        int expected = InodeRecord.BlockSizeBytes + inlineAttributeBytes;
        if (record.Size != expected)
            Report(FindingCode.InodeSizeWrong, inode, $"the inline directory's size should be {expected}, found {record.Size}");
    }

    private void CheckDirectorySize(uint inode, in InodeRecord record)
    {
        long expected = (scan.LastBlock + 1) << _shift;
        if (record.Size != expected) // (1)
            Report(FindingCode.InodeSizeWrong, inode, $"the directory's size should be {expected}, found {record.Size}");
        bool isLarge = volume.SuperBlock.Has(IncompatibleFeatures.LargeDirectory);
        long most = (isLarge ? 1L << 32 : 1L << (LargestDirectoryLog - (_shift - 10)));
        if (scan.LastBlock >= most)
            Report(FindingCode.InodeTooBig, inode, $"a directory should have at most {most} blocks, found {scan.LastBlock + 1}");
    }

    private void CheckFileSize(uint inode, in InodeRecord record, InodeContent content, bool isOrphan)
    {
        ulong size = (ulong)record.Size;
        long lastWritten = scan.LastWrittenBlock < 0 ? 0 : scan.LastWrittenBlock << _shift;
        ulong most = content == InodeContent.Extents ? (1UL << (32 + _shift)) - 1 : (ulong)volume.Geometry.MaxIndirectFileSizeBytes;
        if (size > most) // (3)
            Report(FindingCode.InodeSizeWrong, inode, $"i_size should be at most {most}, found {size}");
        else if (isOrphan)
            return;
        else if (size < (ulong)lastWritten && !record.Has(InodeFlags.Verity)) // (2)
            Report(
                FindingCode.InodeSizeWrong, inode,
                $"i_size should be at least {lastWritten}, where the last written block begins, found {size}");
        else if (scan.LastWrittenBlock >= 0 && size == (ulong)lastWritten)
            Report(FindingCode.WrittenPastEnd, inode, $"logical block {scan.LastWrittenBlock} is written, and begins at the end at {size}");
        else if (scan.LastBlock >= 0 && size <= (ulong)(scan.LastBlock << _shift))
            ReportUnwritten(inode, size);
    }

    private void ReportUnwritten(uint inode, ulong size)
    {
        long firstPast = (long)((size + (ulong)volume.BlockSizeBytes - 1) >> _shift);
        long count = 0;
        foreach (MappedRun run in scan.Runs)
        {
            if (!run.IsWritten)
                count += Math.Max(0, run.EndLogicalBlock - Math.Max(firstPast, run.LogicalBlock));
        }

        Report(FindingCode.UnwrittenPastEnd, inode, $"{count} unwritten blocks lie past the end at {size}");
    }

    private void CheckLink(uint inode, in InodeRecord record, InodeContent content) // (5)
    {
        if (record.Has(InodeFlags.Encrypted) || content == InodeContent.Inline)
            return;
        bool isSound = content == InodeContent.FastLink ? IsFastLink(record) : IsSlowLink(record);
        if (!isSound)
            Report(FindingCode.SymbolicLinkInvalid, inode, $"a symbolic link's target should fill its size, found {record.Size} bytes");
    }

    private static bool IsFastLink(in InodeRecord record)
    {
        ReadOnlySpan<byte> field = record.Block;
        return field.IndexOf((byte)0) == record.Size;
    }

    private bool IsSlowLink(in InodeRecord record)
    {
        ReadOnlySpan<MappedRun> runs = scan.Runs;
        if (record.Size <= 0 || record.Size >= volume.BlockSizeBytes || runs.IsEmpty || runs[0].LogicalBlock != 0)
            return false;
        ReadOnlySpan<byte> block = volume.Source.Read(volume.Geometry.BlockOffsetBytes(runs[0].PhysicalBlock), (int)record.Size + 1);
        return block.IndexOf((byte)0) == record.Size;
    }

    private void CheckBlocksCount(uint inode, in InodeRecord record) // (4)
    {
        bool isHuge = volume.Geometry.HasHugeFile && record.Has(InodeFlags.HugeFile);
        long expected = isHuge ? scan.BlocksCount : scan.BlocksCount * (volume.BlockSizeBytes / SectorSizeBytes);
        long found = volume.Geometry.HasHugeFile ? record.BlocksCount : record.BlocksLow.Value;
        if (found != expected && volume.HasSimpleBitmaps)
            Report(FindingCode.InodeBlocksWrong, inode, $"i_blocks should be {expected}, found {found}");
    }

    private void Report(FindingCode code, uint inode, string text) =>
        scan.Findings.Add(code, new FindingPlace(FindingStructure.Inode, inode), text);
}
