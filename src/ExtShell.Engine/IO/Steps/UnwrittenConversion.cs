using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>Makes the blocks under a range written, once their data is on the device: from here on readers and a later mount see it.</summary>
/// <remarks>
/// (1) Each run has a handle of its own, so that credits are bounded; a cut between two leaves the rest unwritten, which reads as zeroes.
/// (2) Blocks that are a hole by now were freed while their data was on the way. A protocol that lets this happen has lost the write.
/// </remarks>
internal static class UnwrittenConversion
{
    /// <summary>Converts.</summary>
    /// <exception cref="FileSystemException">ENOSPC: a split found no space; EIO: the blocks are gone.</exception>
    public static async ValueTask ConvertAsync(IoContext io, Inode inode, long offsetBytes, long lengthBytes)
    {
        IBlockMap map = inode.Map;
        long block = offsetBytes >> io.BlockSizeBits;
        long endBlock = (offsetBytes + lengthBytes + io.BlockSizeBytes - 1) >> io.BlockSizeBits;
        while (block < endBlock)
        {
            int wanted = (int)Math.Min(endBlock - block, BlockAllocation.LargestRunBlocks);
            BlockMapping run = map.Lookup((uint)block, wanted);
            if (run.State != MappingState.Written)
                run = await ConvertRunAsync(io, inode, (uint)block, run.LengthBlocks); // (1)
            if (run.State == MappingState.Hole)
                throw new FileSystemException(Errno.EIO, $"conversion of inode {inode.Number} at block {block}", "the blocks are gone"); // (2)
            block = run.EndLogicalBlock;
        }
    }

    private static async ValueTask<BlockMapping> ConvertRunAsync(IoContext io, Inode inode, uint block, int lengthBlocks)
    {
        Handle handle = await io.Journal.StartAsync(inode.Map.CreditsToConvert(lengthBlocks), "convert unwritten");
        try
        {
            await inode.MappingLock.LockExclusiveAsync();
            try
            {
                BlockMapping run = inode.Map.ConvertToWritten(handle, block, lengthBlocks);
                inode.NoteTransaction(handle, isDataIntegrity: true);
                return run;
            }
            finally
            {
                inode.MappingLock.UnlockExclusive();
            }
        }
        finally
        {
            await handle.StopAsync();
        }
    }
}
