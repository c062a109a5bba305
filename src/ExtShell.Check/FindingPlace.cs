namespace ExtShell.Check;

/// <summary>Where something was found. What does not apply is −1 (group, block, offset) or 0 (inode).</summary>
/// <param name="Structure">The structure.</param>
/// <param name="Inode">The inode that it belongs to.</param>
/// <param name="Group">The block group.</param>
/// <param name="Block">The block of the volume.</param>
/// <param name="OffsetBytes">Where in that block, or in the inode's record, in bytes.</param>
public readonly record struct FindingPlace(
    FindingStructure Structure, uint Inode = 0, int Group = -1, long Block = -1, int OffsetBytes = -1)
    : IComparable<FindingPlace>
{
    /// <summary>Orders places as a report lists them.</summary>
    public int CompareTo(FindingPlace other)
    {
        int order = Structure.CompareTo(other.Structure);
        if (order == 0)
            order = Group.CompareTo(other.Group);
        if (order == 0)
            order = Inode.CompareTo(other.Inode);
        if (order == 0)
            order = Block.CompareTo(other.Block);
        return order == 0 ? OffsetBytes.CompareTo(other.OffsetBytes) : order;
    }

    /// <summary>Such as <c>directory of inode 12, block 4711, byte 24</c>.</summary>
    public override string ToString()
    {
        string structure = Structure switch
        {
            FindingStructure.SuperBlock => "superblock",
            FindingStructure.GroupDescriptor => "group descriptor",
            FindingStructure.Journal => "journal",
            FindingStructure.Orphans => "orphans",
            FindingStructure.Inode => "inode",
            FindingStructure.ExtentTree => "extent tree",
            FindingStructure.BlockMap => "block map",
            FindingStructure.Attributes => "attributes",
            FindingStructure.Directory => "directory",
            FindingStructure.HashTree => "hash tree",
            FindingStructure.BlockBitmap => "block bitmap",
            _ => "inode bitmap",
        };
        string inode = Inode == 0 ? "" : Structure == FindingStructure.Inode ? $" {Inode}" : $" of inode {Inode}";
        string group = Group < 0 ? "" : $" of group {Group}";
        string block = Block < 0 ? "" : $", block {Block}";
        string offset = OffsetBytes < 0 ? "" : $", byte {OffsetBytes}";
        return structure + inode + group + block + offset;
    }
}
