using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>
/// The files that a new volume has, and where their blocks stand. They are claimed in mke2fs's order: root, lost+found, the resize inode's
/// map, journal, orphan file.
/// </summary>
internal sealed class SystemFiles
{
    /// <summary>The inode of lost+found: the first that is not reserved.</summary>
    public const uint LostAndFoundInode = InodeNumbers.FirstUnreserved;

    /// <summary>The inode of the orphan file, if there is one.</summary>
    public const uint OrphanFileInode = LostAndFoundInode + 1;

    private const int LostAndFoundSizeBytes = 16 * 1024;

    private SystemFiles(FilePlace root, FilePlace lostAndFound) => (Root, LostAndFound) = (root, lostAndFound);

    /// <summary>The root directory: one block.</summary>
    public FilePlace Root { get; }

    /// <summary>lost+found: 16 KiB, but at most what the inode points to itself.</summary>
    public FilePlace LostAndFound { get; }

    /// <summary>The double indirect block of the resize inode; 0 without resize_inode.</summary>
    public long ResizeMapBlock { get; private set; }

    /// <summary>The journal; null if there is none.</summary>
    public FilePlace? Journal { get; private set; }

    /// <summary>The orphan file; null if there is none.</summary>
    public FilePlace? OrphanFile { get; private set; }

    /// <summary>The highest inode in use.</summary>
    public uint LastInode => OrphanFile is null ? LostAndFoundInode : OrphanFileInode;

    /// <summary>The size that the resize inode claims to have: all that a double indirect map reaches.</summary>
    public static long ResizeSizeBytes(VolumeGeometry geometry)
    {
        long perBlock = geometry.BlockSizeBytes / 4;
        return geometry.BlockOffsetBytes(BlockMapSteps.DirectBlocks + perBlock + (perBlock * perBlock));
    }

    /// <summary>The size of the longest of them, bytes.</summary>
    public long LongestSizeBytes(VolumeGeometry geometry) =>
        Math.Max(ResizeMapBlock != 0 ? ResizeSizeBytes(geometry) : 0, geometry.BlockOffsetBytes(Journal?.LengthBlocks ?? 0));

    /// <summary>Claims all of them.</summary>
    public static SystemFiles Place(VolumeGeometry geometry, FeatureChoice features, SpaceClaims space, int journalBlocks)
    {
        bool hasExtents = (features.Incompatible & IncompatibleFeatures.Extents) != 0;
        FilePlace Claim(long goal, int lengthBlocks) => hasExtents
            ? FilePlace.ByExtents(space, goal, lengthBlocks, geometry.BlockSizeBytes)
            : FilePlace.ByBlockMap(space, goal, lengthBlocks, geometry.BlockSizeBytes);

        int lostAndFoundBlocks = Math.Min(LostAndFoundSizeBytes / geometry.BlockSizeBytes, BlockMapSteps.DirectBlocks);
        var files = new SystemFiles(
            Claim(GoalFor(geometry, InodeNumbers.Root), 1), Claim(GoalFor(geometry, LostAndFoundInode), lostAndFoundBlocks));
        if ((features.Compatible & CompatibleFeatures.ResizeInode) != 0)
        {
            long goal = geometry.FirstDataBlock + 2 + geometry.ReservedGdtBlocks + geometry.DescriptorBlocksCount
                + geometry.InodeTableBlocksCount;
            files.ResizeMapBlock = space.FindFree(goal);
            space.Claim(files.ResizeMapBlock, 1);
        }

        if (features.HasJournal)
            files.Journal = Claim(JournalPlace.Goal(geometry, space, hasExtents), journalBlocks);
        if (features.HasOrphanFile)
            files.OrphanFile = Claim(GoalFor(geometry, OrphanFileInode), SizeDefaults.OrphanFileBlocks(geometry.BlocksCount));
        return files;
    }

    /// <summary>The beginning of the inode's flexible group.</summary>
    private static long GoalFor(VolumeGeometry geometry, uint inode) =>
        geometry.GroupFirstBlock(geometry.GroupOfInode(inode) / geometry.GroupsPerFlex * geometry.GroupsPerFlex);
}
