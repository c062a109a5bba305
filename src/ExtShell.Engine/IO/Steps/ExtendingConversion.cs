using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// Makes the blocks under a direct write written and raises both sizes over them, without the inode lock: what end-of-I/O of XFS does.
/// </summary>
/// <remarks>
/// (1) The disk size is raised in the transaction that converts: no committed state has written blocks past it.
/// (2) The in-memory size follows the conversion, with nothing in between that waits (there: a spin lock).
/// (3) Sizes are only ever raised: of several that end together the largest stays.
/// (4) Each run has a handle of its own; a cut between two leaves a size between the old and the new, and all data up to it.
/// </remarks>
internal static class ExtendingConversion
{
    /// <summary>Converts, and raises the sizes to the write's end.</summary>
    /// <exception cref="FileSystemException">ENOSPC: a split found no space; EIO: the blocks are gone.</exception>
    public static async ValueTask RunAsync(IoContext io, DirectWrite write)
    {
        long block = write.OffsetBytes >> io.BlockSizeBits;
        long endBlock = (write.EndBytes + io.BlockSizeBytes - 1) >> io.BlockSizeBits;
        while (block < endBlock)
        {
            int wanted = (int)Math.Min(endBlock - block, BlockAllocation.LargestRunBlocks);
            BlockMapping run = write.Inode.Map.Lookup((uint)block, wanted);
            long reached = Math.Min(write.EndBytes, run.EndLogicalBlock << io.BlockSizeBits);
            if (run.State != MappingState.Written || SizeExtension.IsBeyond(write.Inode, reached))
                run = await ConvertRunAsync(io, write, (uint)block, run.LengthBlocks);
            if (run.State == MappingState.Hole)
                throw new FileSystemException(Errno.EIO, $"conversion of inode {write.Inode.Number} at block {block}",
                    "the blocks are gone");
            block = run.EndLogicalBlock;
        }
    }

    private static async ValueTask<BlockMapping> ConvertRunAsync(IoContext io, DirectWrite write, uint block, int lengthBlocks)
    {
        Inode inode = write.Inode;
        int credits = inode.Map.CreditsToConvert(lengthBlocks) + Inode.CreditsToStoreSize;
        Handle handle = await io.Journal.StartAsync(credits, "convert and extend"); // (4)
        try
        {
            await inode.MappingLock.LockExclusiveAsync();
            try
            {
                BlockMapping run = inode.Map.ConvertToWritten(handle, block, lengthBlocks);
                if (run.State == MappingState.Written)
                    RaiseSizes(inode, handle, Math.Min(write.EndBytes, run.EndLogicalBlock << io.BlockSizeBits));
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

    private static void RaiseSizes(Inode inode, Handle handle, long endBytes)
    {
        if (endBytes > inode.DiskSizeBytes) // (3)
        {
            inode.DiskSizeBytes = endBytes; // (1)
            inode.MarkDirty(handle);
        }

        if (endBytes > inode.SizeBytes) // (3)
            inode.SizeBytes = endBytes; // (2)
    }
}
