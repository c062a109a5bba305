using ExtShell.Engine.Allocation;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Mapping;

namespace ExtShell.Engine.Inodes;

/// <summary>The blocks that delayed allocation reserved for a file: one for each dirty block over a hole.</summary>
public static class Reservations
{
    /// <summary>Gives back what is reserved beyond that: dirty pages were dropped, or their holes were filled by others.</summary>
    public static void Settle(VolumeContext context, Inode inode)
    {
        if (inode.ReservedBlocks == 0)
            return;
        int needed = 0;
        PageCache pages = inode.Pages;
        for (long from = 0; pages.TryFindDirty(from, long.MaxValue, out DirtyRange range); from = range.EndBytes)
            needed += CountHoles(inode, range, context.Geometry.BlockSizeShift);
        context.Blocks.ReleaseReservation(inode.ReservedBlocks - needed);
        inode.ReservedBlocks = needed;
    }

    private static int CountHoles(Inode inode, DirtyRange range, int blockSizeBits)
    {
        int holes = 0;
        long end = range.EndBytes >> blockSizeBits;
        for (long block = range.OffsetBytes >> blockSizeBits; block < end;)
        {
            BlockMapping run = inode.Map.Lookup((uint)block, (int)(end - block));
            if (run.State == MappingState.Hole)
                holes += run.LengthBlocks;
            block = run.EndLogicalBlock;
        }

        return holes;
    }
}
