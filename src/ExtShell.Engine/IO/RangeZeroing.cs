using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>
/// FALLOC_FL_ZERO_RANGE: makes a range read as zeroes and keeps it allocated. The caller holds the inode lock and the invalidation lock
/// exclusively.
/// </summary>
/// <remarks>
/// (1) What is cached is written back first, and dropped: it would come back by write-back.
/// (2) Whole blocks become unwritten, holes are allocated unwritten; nothing is written. In transactions of bounded size, each of which
/// raises the sizes to what it has reached, as fallocate does.
/// (3) Blocks that lie in the range only in part are made zero where they are written.
/// </remarks>
public sealed class RangeZeroing
{
    private readonly IoContext _io;
    private readonly WriteBack _writeBack;
    private readonly Preallocation _preallocation;

    internal RangeZeroing(IoContext io, WriteBack writeBack, Preallocation preallocation) =>
        (_io, _writeBack, _preallocation) = (io, writeBack, preallocation);

    /// <summary>Zeroes.</summary>
    /// <param name="inode">The file; it has extents.</param>
    /// <param name="offsetBytes">Where the range begins.</param>
    /// <param name="endBytes">The byte behind it.</param>
    /// <param name="newSizeBytes">The size that the file gets; null to leave it.</param>
    /// <exception cref="FileSystemException">EIO: what was cached could not be written back; ENOSPC.</exception>
    public async ValueTask ZeroAsync(Inode inode, long offsetBytes, long endBytes, long? newSizeBytes)
    {
        int mask = _io.BlockSizeBytes - 1;
        await RangeCache.DropAsync(_writeBack, inode, offsetBytes, endBytes); // (1)
        await _preallocation.AllocateAsync(inode, offsetBytes, endBytes, newSizeBytes, (offsetBytes + mask) >> _io.BlockSizeBits,
            endBytes >> _io.BlockSizeBits); // (2)
        if (((offsetBytes | endBytes) & mask) == 0)
            return;
        Handle handle = await _io.Journal.StartAsync(1 + RangeCache.CreditsForEdges, "zero the edges of a range");
        try
        {
            handle.IsSync |= inode.IsSynchronous;
            await RangeCache.ZeroEdgesAsync(_io.Volume, handle, inode, offsetBytes, endBytes); // (3)
            inode.MarkDirty(handle);
            inode.NoteTransaction(handle, isDataIntegrity: true);
        }
        finally
        {
            await handle.StopAsync();
        }
    }
}
