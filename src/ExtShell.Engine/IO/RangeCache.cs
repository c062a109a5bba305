using ExtShell.Engine.Allocation;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;

namespace ExtShell.Engine.IO;

/// <summary>What fallocate does to the page cache over a range whose blocks it takes away or makes unwritten.</summary>
internal static class RangeCache
{
    /// <summary>Credits that <see cref="ZeroEdgesAsync"/> needs at most: where data is journalled, a block at each end.</summary>
    public const int CreditsForEdges = 2;

    /// <summary>
    /// Writes the range back and drops its pages; of pages and blocks that lie in it only in part the bytes in the range become zero. Where
    /// the disk size lags behind, what it lags behind for is written too. No handle is open.
    /// </summary>
    public static async ValueTask DropAsync(WriteBack writeBack, Inode inode, long offsetBytes, long endBytes)
    {
        if (inode.HasPages)
            await DropPagesAsync(writeBack, inode, offsetBytes, endBytes);
        await writeBack.ConvertedAsync(inode); // else the conversion would find the range's blocks gone
    }

    /// <summary>Makes the parts of the first and the last block of the range zero that are in it, unless they are in it whole.</summary>
    public static async ValueTask ZeroEdgesAsync(VolumeContext context, Handle handle, Inode inode, long offsetBytes, long endBytes)
    {
        int blockSizeBytes = context.Geometry.BlockSizeBytes;
        long firstWhole = (offsetBytes + blockSizeBytes - 1) & -blockSizeBytes;
        long lastWhole = endBytes & -blockSizeBytes;
        if (firstWhole > lastWhole)
        {
            await PartialBlocks.ZeroAsync(context, handle, inode, offsetBytes, endBytes); // both ends in one block
            return;
        }

        await PartialBlocks.ZeroAsync(context, handle, inode, offsetBytes, firstWhole);
        await PartialBlocks.ZeroAsync(context, handle, inode, lastWhole, endBytes);
    }

    private static async ValueTask DropPagesAsync(WriteBack writeBack, Inode inode, long offsetBytes, long endBytes)
    {
        long begin = offsetBytes & -Page.SizeBytes;
        long end = (endBytes + Page.SizeBytes - 1) & -Page.SizeBytes;
        if (inode.DiskSizeBytes < inode.SizeBytes)
            begin = Math.Min(begin, inode.DiskSizeBytes & -Page.SizeBytes);
        if (begin < end)
            await writeBack.WriteAndRaiseAsync(inode, begin, end - begin);
        await inode.Pages.RemoveAsync(offsetBytes, endBytes - offsetBytes);
    }
}
