using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// Makes the blocks under a range written, once their data is on the device: from here on readers and a later mount see it.
/// </summary>
/// <remarks>
/// (1) Each run has a handle of its own, so that credits are bounded; a cut between two leaves the rest unwritten, which reads as zeroes.
/// (2) Who raises the disk size with the conversion does both in one transaction: written blocks past the size of a file are damage.
/// (3) Blocks that are a hole by now were freed while their data was on the way. A protocol that lets this happen has lost the write.
/// </remarks>
internal static class UnwrittenConversion
{
    /// <summary>Converts.</summary>
    /// <param name="io">The volume.</param>
    /// <param name="inode">The file.</param>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="lengthBytes">How long it is.</param>
    /// <param name="raise">How far the disk size is raised over what was converted.</param>
    /// <exception cref="FileSystemException">ENOSPC: a split found no space; EIO: the blocks are gone.</exception>
    public static async ValueTask ConvertAsync(IoContext io, Inode inode, long offsetBytes, long lengthBytes, DiskSizeRaise raise = default)
    {
        IBlockMap map = inode.Map;
        long block = offsetBytes >> io.BlockSizeBits;
        long endBlock = (offsetBytes + lengthBytes + io.BlockSizeBytes - 1) >> io.BlockSizeBits;
        while (block < endBlock)
        {
            int wanted = (int)Math.Min(endBlock - block, BlockAllocation.LargestRunBlocks);
            BlockMapping run = map.Lookup((uint)block, wanted);
            if (run.State != MappingState.Written)
                run = await ConvertRunAsync(io, inode, (uint)block, run.LengthBlocks, raise); // (1)
            if (run.State == MappingState.Hole)
                throw new FileSystemException(Errno.EIO, $"conversion of inode {inode.Number} at block {block}",
                    "the blocks are gone"); // (3)
            block = run.EndLogicalBlock;
        }
    }

    private static async ValueTask<BlockMapping> ConvertRunAsync(IoContext io, Inode inode, uint block, int lengthBlocks,
        DiskSizeRaise raise)
    {
        io.Faults.BeforeConversion(inode);
        Handle handle = await io.Journal.StartAsync(
            inode.Map.CreditsToConvert(lengthBlocks) + Inode.CreditsToStoreSize, "convert unwritten");
        try
        {
            await inode.MappingLock.LockExclusiveAsync();
            try
            {
                BlockMapping run = inode.Map.ConvertToWritten(handle, block, lengthBlocks);
                if (run.State == MappingState.Written)
                    await RaiseAsync(io, handle, inode, raise, run.EndLogicalBlock << io.BlockSizeBits); // (2)
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

    private static async ValueTask RaiseAsync(IoContext io, Handle handle, Inode inode, DiskSizeRaise raise, long writtenEndBytes)
    {
        long target = raise.Target(inode, writtenEndBytes);
        if (target <= inode.DiskSizeBytes)
            return;
        if (raise.Where is not null)
            await io.Machine.Yield(raise.Where);
        inode.DiskSizeBytes = target;
        inode.MarkDirty(handle);
        if (raise.Extension is not null)
            raise.Extension.HasRaisedDiskSize = target == raise.EndBytes;
    }
}
