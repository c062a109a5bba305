using ExtShell.Format.Layout;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>Where the bitmaps and the inode table of every group stand.</summary>
/// <remarks>
/// Without flex_bg each group holds its own, behind its copy of the superblock. With flex_bg the first group of a flexible group holds
/// all block bitmaps in a row, then all inode bitmaps, then all inode tables; a table that meets something that is taken moves behind it.
/// A flexible group that has one group only keeps the distances of a full one.
/// </remarks>
internal sealed class GroupTables
{
    private readonly long[] _blockBitmaps;
    private readonly long[] _inodeBitmaps;
    private readonly long[] _inodeTables;

    private GroupTables(int groupCount)
    {
        _blockBitmaps = new long[groupCount];
        _inodeBitmaps = new long[groupCount];
        _inodeTables = new long[groupCount];
    }

    /// <summary>The block of the group's block bitmap.</summary>
    public long BlockBitmap(int group) => _blockBitmaps[group];

    /// <summary>The block of the group's inode bitmap.</summary>
    public long InodeBitmap(int group) => _inodeBitmaps[group];

    /// <summary>The first block of the group's inode table.</summary>
    public long InodeTable(int group) => _inodeTables[group];

    /// <summary>Claims copies of the superblock and descriptors of all groups, then their tables.</summary>
    public static GroupTables Place(VolumeGeometry geometry, SpaceClaims space)
    {
        for (int group = 0; group < geometry.GroupCount; group++)
            space.Claim(geometry.GroupFirstBlock(group), geometry.BaseMetadataBlocksCount(group));
        var tables = new GroupTables(geometry.GroupCount);
        for (int first = 0; first < geometry.GroupCount; first += geometry.GroupsPerFlex)
            tables.PlaceFlexibleGroup(geometry, space, first, Math.Min(geometry.GroupsPerFlex, geometry.GroupCount - first));
        return tables;
    }

    private void PlaceFlexibleGroup(VolumeGeometry geometry, SpaceClaims space, int first, int groups)
    {
        int distance = groups == 1 ? geometry.GroupsPerFlex : groups;
        long blockBitmaps = space.FindFree(geometry.GroupFirstBlock(first), distance);
        long inodeBitmaps = space.FindFree(blockBitmaps + distance, distance);
        space.Claim(blockBitmaps, groups);
        space.Claim(inodeBitmaps, groups);
        long next = inodeBitmaps + distance;
        for (int i = 0; i < groups; i++)
        {
            _blockBitmaps[first + i] = blockBitmaps + i;
            _inodeBitmaps[first + i] = inodeBitmaps + i;
            long table = space.FindFree(next, geometry.InodeTableBlocksCount);
            space.Claim(table, geometry.InodeTableBlocksCount);
            _inodeTables[first + i] = table;
            next = table + geometry.InodeTableBlocksCount;
        }
    }
}
