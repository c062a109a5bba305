using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// What lies between the end of a file and a write that begins behind it reads as zeroes: holes and unwritten blocks do, and the rest of
/// the last block, which a write that a cut stopped may have filled, is made zero here. It is ordered before the transaction that raises
/// the size. The inode lock is held exclusively, and no direct I/O is in flight.
/// </summary>
internal static class TailZeroing
{
    /// <summary>Makes the rest of the last block zero.</summary>
    public static async ValueTask RunAsync(IoContext io, Inode inode)
    {
        long blockEnd = (inode.SizeBytes + io.BlockSizeBytes - 1) & -io.BlockSizeBytes;
        if (blockEnd == inode.SizeBytes)
            return;
        Handle handle = await io.Journal.StartAsync(1, "zero the tail");
        try
        {
            await PartialBlocks.ZeroAsync(io.Volume, handle, inode, inode.SizeBytes, blockEnd);
        }
        finally
        {
            await handle.StopAsync();
        }
    }
}
