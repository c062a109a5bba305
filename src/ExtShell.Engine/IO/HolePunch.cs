using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>
/// FALLOC_FL_PUNCH_HOLE: frees the blocks of a range. The caller holds the inode lock and the invalidation lock exclusively.
/// </summary>
/// <remarks>
/// (1) Who punches beyond the size punches the whole block in which the file ends, and nothing behind it: what was reserved there
/// stays.
/// (2) What is cached is written back first, and the disk size with it: a size that lagged behind for pages of the range would else never
/// be raised.
/// (3) Blocks that lie in the range only in part are made zero; ordered data, so that a cut after the commit shows zeroes.
/// (4) Whole blocks are freed from the end on, in transactions of bounded size: a cut may leave the range punched in part.
/// </remarks>
public sealed class HolePunch
{
    private const int RemovalCredits = 32;

    private readonly IoContext _io;
    private readonly WriteBack _writeBack;

    internal HolePunch(IoContext io, WriteBack writeBack) => (_io, _writeBack) = (io, writeBack);

    /// <summary>Punches.</summary>
    /// <exception cref="FileSystemException">EIO: what was cached could not be written back; ENOSPC: a split needs a tree
    /// block.</exception>
    public async ValueTask PunchAsync(Inode inode, long offsetBytes, long endBytes)
    {
        if (offsetBytes >= inode.SizeBytes)
            return;
        if (endBytes > inode.SizeBytes)
            endBytes = (inode.SizeBytes + _io.BlockSizeBytes - 1) & -_io.BlockSizeBytes; // (1)
        await RangeCache.DropAsync(_writeBack, inode, offsetBytes, endBytes); // (2)
        IBlockMap map = inode.Map;
        Handle handle = await _io.Journal.StartAsync(map.CreditsToRemove() + RemovalCredits, "punch hole");
        try
        {
            handle.IsSync |= inode.IsSynchronous;
            await RangeCache.ZeroEdgesAsync(_io.Volume, handle, inode, offsetBytes, endBytes); // (3)
            uint first = (uint)((offsetBytes + _io.BlockSizeBytes - 1) >> _io.BlockSizeBits);
            uint end = (uint)(endBytes >> _io.BlockSizeBits);
            if (first < end)
                await MappingRemoval.RunAsync(map, handle, inode.MappingLock, first, end); // (4)
            inode.ModifyTime = inode.ChangeTime = inode.Now();
            inode.MarkDirty(handle);
            inode.NoteTransaction(handle, isDataIntegrity: true);
        }
        finally
        {
            await handle.StopAsync();
        }
    }
}
