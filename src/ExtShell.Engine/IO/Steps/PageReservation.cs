using System.Numerics;
using ExtShell.Engine.Allocation;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// Delayed allocation: a page is made dirty only where each of its blocks is allocated or reserved, so that a full volume is reported by
/// who writes, never by write-back.
/// </summary>
/// <remarks>
/// (1) Between the last count and the return nothing waits: who marks the blocks dirty before he waits again has reserved each once.
/// (2) A full volume is committed, and tried again, before ENOSPC is reported.
/// </remarks>
internal static class PageReservation
{
    /// <summary>Reserves what the range of the page needs.</summary>
    /// <exception cref="FileSystemException">ENOSPC.</exception>
    public static async ValueTask ReserveAsync(IoContext io, Inode inode, Page page, int within, int lengthBytes)
    {
        for (int attempt = 0; ; attempt++)
        {
            int needed = CountUnreserved(inode, page, within, lengthBytes); // (1)
            if (needed == 0)
                return;
            if (io.Volume.Blocks.TryReserve(needed, AllocationUse.Privileged))
            {
                inode.ReservedBlocks += needed;
                return;
            }

            var full = new FileSystemException(Errno.ENOSPC, $"write of inode {inode.Number}", "no block is left to reserve");
            if (!SpaceRetry.MayHelp(io, full, attempt))
                throw full;
            await SpaceRetry.CommitAsync(io); // (2)
        }
    }

    /// <summary>Blocks that become dirty, and that are a hole; a dirty one is reserved already.</summary>
    private static int CountUnreserved(Inode inode, Page page, int within, int lengthBytes)
    {
        int count = 0;
        for (uint left = inode.Pages.BlocksTouched(within, lengthBytes) & ~page.DirtyBlocks; left != 0; left &= left - 1)
        {
            long offset = page.OffsetBytes + (BitOperations.TrailingZeroCount(left) * (long)inode.Pages.BlockSizeBytes);
            if (inode.Map.Lookup((uint)(offset / inode.Pages.BlockSizeBytes), 1).State == MappingState.Hole)
                count++;
        }

        return count;
    }
}
