using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Layout;

public sealed partial class VolumeGeometry
{
    /// <summary>Where a block begins in the image, bytes.</summary>
    public long BlockOffsetBytes(long block) => block << BlockSizeShift;

    /// <summary>Whether the blocks are on the volume and behind the boot block.</summary>
    public bool IsBlockRange(long block, long lengthBlocks) =>
        block >= FirstDataBlock && lengthBlocks >= 0 && block <= BlocksCount && lengthBlocks <= BlocksCount - block;

    /// <summary>Whether the number is an inode's.</summary>
    public bool IsInode(uint inode) => inode >= 1 && inode <= InodesCount;

    /// <summary>The first block of a group.</summary>
    public long GroupFirstBlock(int group) => FirstDataBlock + ((long)group * BlocksPerGroup);

    /// <summary>Blocks of a group: the last one may be shorter.</summary>
    public int BlocksInGroup(int group) => (int)Math.Min(BlocksPerGroup, BlocksCount - GroupFirstBlock(group));

    /// <summary>Clusters of a group, a last incomplete one included.</summary>
    public int ClustersInGroup(int group) => (BlocksInGroup(group) + ClusterRatio - 1) / ClusterRatio;

    /// <summary>The group of a block that is on the volume.</summary>
    public int GroupOfBlock(long block)
    {
        InvariantException.Require(IsBlockRange(block, 1), "a block whose group is asked for is on the volume");
        return (int)((block - FirstDataBlock) / BlocksPerGroup);
    }

    /// <summary>The group of an inode that is on the volume.</summary>
    public int GroupOfInode(uint inode)
    {
        InvariantException.Require(IsInode(inode), "an inode whose group is asked for is on the volume");
        return (int)((inode - 1) / (uint)InodesPerGroup);
    }

    /// <summary>The place of an inode in its group's table and bitmap, from 0.</summary>
    public int IndexOfInode(uint inode) => (int)((inode - 1) % (uint)InodesPerGroup);

    /// <summary>The first inode of a group.</summary>
    public uint GroupFirstInode(int group) => ((uint)group * (uint)InodesPerGroup) + 1;

    /// <summary>Where an inode begins in the image, bytes, given the first block of its group's table.</summary>
    public long InodeOffsetBytes(uint inode, long inodeTableBlock) =>
        BlockOffsetBytes(inodeTableBlock) + ((long)IndexOfInode(inode) * InodeSizeBytes);

    /// <summary>Whether the group begins with a copy of the superblock (group 0: the superblock).</summary>
    public bool HasSuperBlock(int group)
    {
        if (group == 0)
            return true;
        if (_hasSparseSuper2)
            return (uint)group == _backupGroup1 || (uint)group == _backupGroup2;
        return !_hasSparseSuper || group == 1 || IsPowerOf(3, group) || IsPowerOf(5, group) || IsPowerOf(7, group);
    }

    /// <summary>The block that holds the superblock, or its copy, of a group that has one.</summary>
    public long SuperBlockBlock(int group) => group == 0 ? SuperBlock.OffsetBytes / BlockSizeBytes : GroupFirstBlock(group);

    /// <summary>Whether the group's descriptor stands in its own meta block group.</summary>
    public bool IsInMetaBlockGroup(int group) => HasMetaBlockGroups && group / DescriptorsPerBlock >= FirstMetaBlockGroup;

    /// <summary>The block of the image that holds the group's descriptor (not a copy of it).</summary>
    public long DescriptorBlock(int group)
    {
        int index = group / DescriptorsPerBlock;
        if (!IsInMetaBlockGroup(group))
            return SuperBlockBlock(0) + 1 + index;
        int first = index * DescriptorsPerBlock;
        long begin = first == 0 ? SuperBlockBlock(0) : GroupFirstBlock(first);
        return HasSuperBlock(first) ? begin + 1 : begin;
    }

    /// <summary>Where the group's descriptor begins in the image, bytes.</summary>
    public long DescriptorOffsetBytes(int group) =>
        BlockOffsetBytes(DescriptorBlock(group)) + ((long)(group % DescriptorsPerBlock) * DescriptorSizeBytes);

    /// <summary>
    /// Blocks at a group's beginning that hold the superblock, descriptors, their copies and the blocks kept for growing; with blocks of
    /// 1 KiB and bigalloc also the boot block of group 0.
    /// </summary>
    public int BaseMetadataBlocksCount(int group)
    {
        int count = HasSuperBlock(group) ? 1 : 0;
        if (group == 0)
            count += (int)(SuperBlockBlock(0) - FirstDataBlock);
        if (!IsInMetaBlockGroup(group))
        {
            if (HasSuperBlock(group))
                count += HasMetaBlockGroups ? (int)FirstMetaBlockGroup : DescriptorBlocksCount + ReservedGdtBlocks;
            return count;
        }

        int place = group % DescriptorsPerBlock;
        return place == 0 || place == 1 || place == DescriptorsPerBlock - 1 ? count + 1 : count;
    }

    private static bool IsPowerOf(int root, int number)
    {
        long power = root;
        while (power < number)
            power *= root;
        return power == number;
    }
}
