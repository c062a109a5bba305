namespace ExtShell.Check;

/// <summary>The structure in which something was found. The order is the order of a report.</summary>
public enum FindingStructure
{
    /// <summary>The superblock.</summary>
    SuperBlock,

    /// <summary>A group descriptor.</summary>
    GroupDescriptor,

    /// <summary>The journal's superblock or inode.</summary>
    Journal,

    /// <summary>The list of orphans, or the orphan file.</summary>
    Orphans,

    /// <summary>An inode.</summary>
    Inode,

    /// <summary>A block of an extent tree, or the root in the inode.</summary>
    ExtentTree,

    /// <summary>An indirect block, or the block numbers in the inode.</summary>
    BlockMap,

    /// <summary>Extended attributes, in the inode or in a block.</summary>
    Attributes,

    /// <summary>A block of a directory.</summary>
    Directory,

    /// <summary>An index block of a hash-tree directory.</summary>
    HashTree,

    /// <summary>The block bitmap of a group.</summary>
    BlockBitmap,

    /// <summary>The inode bitmap of a group.</summary>
    InodeBitmap,
}
