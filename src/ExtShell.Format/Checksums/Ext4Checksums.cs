using System.Buffers.Binary;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Checksums;

/// <summary>
/// How each structure of ext4 is summed (ext4 disk layout, "Checksums"). A rule names places of the image by absolute offsets; over a block
/// that is in memory, give the block and its offset to the rule's methods that take a span.
/// </summary>
/// <remarks>
/// Seeds. The superblock: all ones. All else begins with <see cref="VolumeGeometry.ChecksumSeed"/>; what belongs to an inode goes on with
/// its number and generation (<see cref="VolumeGeometry.InodeChecksumSeed"/>), what belongs to a block with its number, what belongs to a
/// group with its number. The place of the sum itself counts as zeroes if it lies inside, and is left out if it ends the structure.
/// Rules hold only with metadata_csum, but for <see cref="GroupDescriptor"/>, which knows both kinds.
/// </remarks>
public static class Ext4Checksums
{
    private const int SuperBlockSum = 0x3FC;
    private const int DescriptorSum = 0x1E;
    private const int BlockBitmapSumLow = 0x18;
    private const int BlockBitmapSumHigh = 0x38;
    private const int InodeBitmapSumLow = 0x1A;
    private const int InodeBitmapSumHigh = 0x3A;
    private const int InodeGeneration = 0x64;
    private const int InodeSumLow = 0x7C;
    private const int InodeSumHigh = 0x82;
    private const int XattrSum = 0x10;

    /// <summary>The superblock at <paramref name="offsetBytes"/>.</summary>
    public static ChecksumRule SuperBlock(long offsetBytes)
    {
        var rule = new ChecksumRule(ChecksumKind.Crc32C, Crc32C.InitialRegister, Whole(offsetBytes + SuperBlockSum));
        rule.AddImage(offsetBytes, SuperBlockSum);
        return rule;
    }

    /// <summary>A group descriptor: CRC-32C's low half with metadata_csum, else CRC-16.</summary>
    /// <param name="geometry">The volume.</param>
    /// <param name="group">The group.</param>
    /// <param name="offsetBytes">Where the descriptor begins, or its copy.</param>
    public static ChecksumRule GroupDescriptor(VolumeGeometry geometry, int group, long offsetBytes)
    {
        const int behind = DescriptorSum + 2;
        ChecksumKind kind = geometry.HasMetadataChecksum ? ChecksumKind.Crc32C : ChecksumKind.Crc16;
        Uuid uuid = geometry.Uuid;
        uint register = geometry.HasMetadataChecksum ? geometry.ChecksumSeed : Crc16.Update(Crc16.InitialRegister, uuid);
        var rule = new ChecksumRule(kind, AddNumber(kind, register, (uint)group), Half(offsetBytes + DescriptorSum, 0));
        rule.AddImage(offsetBytes, DescriptorSum);
        if (geometry.HasMetadataChecksum)
            rule.AddZeroes(2);
        rule.AddImage(offsetBytes + behind, geometry.DescriptorSizeBytes - behind);
        return rule;
    }

    /// <summary>A block bitmap; the sum is in the descriptor, its high half only with 64bit.</summary>
    /// <param name="geometry">The volume.</param>
    /// <param name="bitmapOffsetBytes">Where the bitmap begins.</param>
    /// <param name="descriptorOffsetBytes">Where the group's descriptor begins.</param>
    public static ChecksumRule BlockBitmap(VolumeGeometry geometry, long bitmapOffsetBytes, long descriptorOffsetBytes) =>
        Bitmap(
            geometry, bitmapOffsetBytes, geometry.ClustersPerGroup / 8,
            descriptorOffsetBytes + BlockBitmapSumLow, descriptorOffsetBytes + BlockBitmapSumHigh);

    /// <summary>An inode bitmap; the sum is in the descriptor, its high half only with 64bit.</summary>
    /// <param name="geometry">The volume.</param>
    /// <param name="bitmapOffsetBytes">Where the bitmap begins.</param>
    /// <param name="descriptorOffsetBytes">Where the group's descriptor begins.</param>
    public static ChecksumRule InodeBitmap(VolumeGeometry geometry, long bitmapOffsetBytes, long descriptorOffsetBytes) =>
        Bitmap(
            geometry, bitmapOffsetBytes, geometry.InodesPerGroup / 8,
            descriptorOffsetBytes + InodeBitmapSumLow, descriptorOffsetBytes + InodeBitmapSumHigh);

    /// <summary>The sum of a block bitmap that is in memory, all 32 bits: what a writer puts in the descriptor.</summary>
    public static uint BlockBitmapSum(VolumeGeometry geometry, ReadOnlySpan<byte> bitmap) =>
        Crc32C.Update(geometry.ChecksumSeed, bitmap[..(geometry.ClustersPerGroup / 8)]);

    /// <summary>The sum of an inode bitmap that is in memory, all 32 bits: what a writer puts in the descriptor.</summary>
    public static uint InodeBitmapSum(VolumeGeometry geometry, ReadOnlySpan<byte> bitmap) =>
        Crc32C.Update(geometry.ChecksumSeed, bitmap[..(geometry.InodesPerGroup / 8)]);

    /// <summary>An inode of the volume's inode size. Its generation, which seeds the sum, is taken from the inode itself.</summary>
    /// <param name="geometry">The volume.</param>
    /// <param name="inode">The inode's number.</param>
    /// <param name="offsetBytes">Where the inode begins.</param>
    /// <param name="extraSizeBytes">Its <c>i_extra_isize</c>: whether the sum has a high half; 0 for inodes of 128 bytes.</param>
    public static ChecksumRule Inode(VolumeGeometry geometry, uint inode, long offsetBytes, int extraSizeBytes)
    {
        const int highNeedsBytes = InodeSumHigh + 2 - InodeRecord.ShortSizeBytes;
        bool hasHigh = geometry.InodeSizeBytes > InodeRecord.ShortSizeBytes && extraSizeBytes >= highNeedsBytes;
        var rule = new ChecksumRule(
            ChecksumKind.Crc32C,
            Crc32C.Update(geometry.ChecksumSeed, inode),
            Half(offsetBytes + InodeSumLow, 0),
            hasHigh ? Half(offsetBytes + InodeSumHigh, 16) : default);
        rule.AddImage(offsetBytes + InodeGeneration, 4);
        rule.AddImage(offsetBytes, InodeSumLow);
        rule.AddZeroes(2);
        int next = InodeSumLow + 2;
        if (hasHigh)
        {
            rule.AddImage(offsetBytes + next, InodeSumHigh - next);
            rule.AddZeroes(2);
            next = InodeSumHigh + 2;
        }

        rule.AddImage(offsetBytes + next, geometry.InodeSizeBytes - next);
        return rule;
    }

    /// <summary>A leaf block of a directory, which ends with a <see cref="DirectoryTail"/>.</summary>
    public static ChecksumRule DirectoryBlock(VolumeGeometry geometry, uint inodeSeed, long blockOffsetBytes)
    {
        var rule = new ChecksumRule(ChecksumKind.Crc32C, inodeSeed, Whole(blockOffsetBytes + geometry.BlockSizeBytes - 4));
        rule.AddImage(blockOffsetBytes, geometry.BlockSizeBytes - DirectoryTail.SizeBytes);
        return rule;
    }

    /// <summary>
    /// A root or node of a hash tree: what is before the entries, the entries that are valid, and the <see cref="DxTail"/>.
    /// </summary>
    /// <param name="inodeSeed">The directory's seed.</param>
    /// <param name="blockOffsetBytes">Where the block begins.</param>
    /// <param name="entriesOffsetBytes">Where in the block the entries begin.</param>
    /// <param name="countLimit">What stands there; the caller has checked that both counts stay inside the block.</param>
    public static ChecksumRule DxNode(uint inodeSeed, long blockOffsetBytes, int entriesOffsetBytes, DxCountLimit countLimit)
    {
        long tail = blockOffsetBytes + entriesOffsetBytes + (countLimit.Limit.Value * DxEntry.SizeBytes);
        var rule = new ChecksumRule(ChecksumKind.Crc32C, inodeSeed, Whole(tail + 4));
        rule.AddImage(blockOffsetBytes, entriesOffsetBytes + (countLimit.Count.Value * DxEntry.SizeBytes));
        rule.AddImage(tail, 4);
        rule.AddZeroes(4);
        return rule;
    }

    /// <summary>A block of an extent tree, which has an <see cref="ExtentTail"/> behind the room for entries.</summary>
    /// <param name="inodeSeed">The file's seed.</param>
    /// <param name="blockOffsetBytes">Where the block begins.</param>
    /// <param name="maxEntriesCount">Its <c>eh_max</c>; the caller has checked that so many fit.</param>
    public static ChecksumRule ExtentBlock(uint inodeSeed, long blockOffsetBytes, int maxEntriesCount)
    {
        int tail = ExtentHeader.TailOffsetBytes(maxEntriesCount);
        var rule = new ChecksumRule(ChecksumKind.Crc32C, inodeSeed, Whole(blockOffsetBytes + tail));
        rule.AddImage(blockOffsetBytes, tail);
        return rule;
    }

    /// <summary>A block of extended attributes.</summary>
    public static ChecksumRule XattrBlock(VolumeGeometry geometry, long block)
    {
        long offsetBytes = geometry.BlockOffsetBytes(block);
        var rule = new ChecksumRule(ChecksumKind.Crc32C, AddBlock(geometry.ChecksumSeed, block), Whole(offsetBytes + XattrSum));
        rule.AddImage(offsetBytes, XattrSum);
        rule.AddZeroes(4);
        rule.AddImage(offsetBytes + XattrSum + 4, geometry.BlockSizeBytes - XattrSum - 4);
        return rule;
    }

    /// <summary>A block of the orphan file, which ends with an <see cref="OrphanBlockTail"/>.</summary>
    /// <param name="geometry">The volume.</param>
    /// <param name="inodeSeed">The orphan file's seed.</param>
    /// <param name="block">The block's number on the volume.</param>
    public static ChecksumRule OrphanBlock(VolumeGeometry geometry, uint inodeSeed, long block)
    {
        long offsetBytes = geometry.BlockOffsetBytes(block);
        var rule = new ChecksumRule(ChecksumKind.Crc32C, AddBlock(inodeSeed, block), Whole(offsetBytes + geometry.BlockSizeBytes - 4));
        rule.AddImage(offsetBytes, geometry.BlockSizeBytes - OrphanBlockTail.SizeBytes);
        return rule;
    }

    private static ChecksumRule Bitmap(
        VolumeGeometry geometry, long bitmapOffsetBytes, int lengthBytes, long lowOffsetBytes, long highOffsetBytes)
    {
        StoredBits high = geometry.DescriptorSizeBytes >= OnDisk.GroupDescriptor.SizeBytes ? Half(highOffsetBytes, 16) : default;
        var rule = new ChecksumRule(ChecksumKind.Crc32C, geometry.ChecksumSeed, Half(lowOffsetBytes, 0), high);
        rule.AddImage(bitmapOffsetBytes, lengthBytes);
        return rule;
    }

    private static uint AddNumber(ChecksumKind kind, uint register, uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return Checksum.Update(kind, register, bytes);
    }

    private static uint AddBlock(uint register, long block) => Crc32C.Update(Crc32C.Update(register, (uint)block), (uint)(block >> 32));

    private static StoredBits Whole(long offsetBytes) => new(offsetBytes, 4, 0, false);

    private static StoredBits Half(long offsetBytes, int shiftBits) => new(offsetBytes, 2, shiftBits, false);
}
