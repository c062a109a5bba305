using ExtShell.Format.Errors;
using ExtShell.Format.Journal;
using ExtShell.Format.Layout;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>How long the journal is and where it stands.</summary>
internal static class JournalPlace
{
    private const int MaxJournalBlocks = 10_240_000;

    /// <summary>Blocks of the journal; 0 if the caller asked for none in particular and the volume is too small for one.</summary>
    /// <exception cref="FileSystemException">EINVAL: a length that no journal of the volume can have.</exception>
    public static int LengthBlocks(VolumeMakeOptions options, long blocksCount)
    {
        if (options.JournalSizeBytes is not { } sizeBytes)
            return SizeDefaults.JournalBlocks(blocksCount);
        long blocks = sizeBytes / options.BlockSizeBytes;
        if (blocks is < JournalSuperBlock.MinLengthBlocks or > MaxJournalBlocks)
            throw Invalid($"a journal has {JournalSuperBlock.MinLengthBlocks} to {MaxJournalBlocks} blocks, not {blocks}");
        if (blocks > blocksCount / 2)
            throw Invalid($"a journal of {blocks} blocks is more than half of the volume's {blocksCount}");
        return (int)blocks;
    }

    /// <summary>
    /// Where the search for the journal's blocks begins. With extents that is near the volume's middle: of a few groups there the first
    /// with the most free blocks. (Those are, on a volume of more than 16 groups, the flexible group's first with anything free and the
    /// next; else the middle one and its neighbours.) A block map begins at the first free block.
    /// </summary>
    public static long Goal(VolumeGeometry geometry, SpaceClaims space, bool hasExtents)
    {
        if (!hasExtents)
            return geometry.FirstDataBlock;
        int Free(int group)
        {
            long begin = geometry.GroupFirstBlock(group);
            int length = geometry.BlocksInGroup(group);
            return length - space.ClaimedIn(begin, begin + length);
        }

        int middle = geometry.GroupOfBlock(geometry.BlocksCount / 2);
        int first = middle;
        if (geometry.GroupsPerFlex > 1 && middle > geometry.GroupsPerFlex)
        {
            first = middle = middle / geometry.GroupsPerFlex * geometry.GroupsPerFlex;
            while (middle < geometry.GroupCount && Free(middle) == 0)
                first = ++middle;
            if (middle == geometry.GroupCount)
                first = middle = 0;
        }
        else if (middle > 0)
        {
            first = middle - 1;
        }

        int best = first;
        for (int group = first + 1; group <= Math.Min(middle + 1, geometry.GroupCount - 1); group++)
        {
            if (Free(group) > Free(best))
                best = group;
        }

        return geometry.GroupFirstBlock(best);
    }

    /// <summary>Fills in the journal's first block.</summary>
    public static void WriteSuperBlock(VolumeGeometry geometry, int lengthBlocks, Span<byte> block)
    {
        ref JournalSuperBlock journal = ref System.Runtime.InteropServices.MemoryMarshal.AsRef<JournalSuperBlock>(block);
        journal.Header = JournalHeader.Of(JournalBlockType.SuperBlockV2, 0);
        journal.BlockSize = (uint)geometry.BlockSizeBytes;
        journal.MaxLength = (uint)lengthBlocks;
        journal.First = 1;
        journal.Sequence = 1;
        journal.Uuid = geometry.Uuid;
        journal.UsersCount = 1;
    }

    private static FileSystemException Invalid(string why) => new(Errno.EINVAL, "make a volume", why);
}
