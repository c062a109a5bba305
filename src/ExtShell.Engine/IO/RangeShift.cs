using ExtShell.Engine.Caching;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>
/// FALLOC_FL_COLLAPSE_RANGE and FALLOC_FL_INSERT_RANGE: take a range of blocks out of a file or put one in, and move what follows by
/// changing the map alone. The caller holds the inode lock and the invalidation lock exclusively.
/// </summary>
/// <remarks>
/// (1) All that is cached is written back first, with both sizes; pages from the range on are dropped, since their content moves.
/// (2) The size changes in the last transaction of a collapse and in the first of an insert: a cut between two never leaves written blocks
/// past the size.
/// (3) A cut between two transactions shows some extents moved and others not.
/// </remarks>
public sealed class RangeShift
{
    private const int ExtraCredits = 32;

    private readonly IoContext _io;
    private readonly WriteBack _writeBack;

    internal RangeShift(IoContext io, WriteBack writeBack) => (_io, _writeBack) = (io, writeBack);

    /// <summary>Takes the range out.</summary>
    /// <exception cref="FileSystemException">EINVAL: it is not made of blocks, or reaches the end of the file; EIO, ENOSPC.</exception>
    public async ValueTask CollapseAsync(Inode inode, long offsetBytes, long endBytes)
    {
        RequireBlocks(inode, offsetBytes, endBytes);
        if (endBytes >= inode.SizeBytes)
            throw new FileSystemException(Errno.EINVAL, $"collapse of inode {inode.Number}", "the range reaches the end of the file");
        await DropAsync(inode, offsetBytes); // (1)
        ExtentMap map = inode.Extents;
        uint first = (uint)(offsetBytes >> _io.BlockSizeBits);
        uint end = (uint)(endBytes >> _io.BlockSizeBits);
        Handle handle = await _io.Journal.StartAsync(map.CreditsToRemove() + map.CreditsToShift() + ExtraCredits, "collapse range");
        try
        {
            handle.IsSync |= inode.IsSynchronous;
            await MappingRemoval.RunAsync(map, handle, inode.MappingLock, first, end);
            await MappingShift.DownAsync(map, handle, inode.MappingLock, end, end - first);
            await handle.EnsureCreditsAsync(1);
            await ChangeSizeAsync(handle, inode, offsetBytes - endBytes); // (2)
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    /// <summary>Puts a hole of the range's length in.</summary>
    /// <exception cref="FileSystemException">
    /// EINVAL: it is not made of blocks, begins at or past the end of the file, or would push blocks past what the map reaches; EFBIG; EIO;
    /// ENOSPC.
    /// </exception>
    public async ValueTask InsertAsync(Inode inode, long offsetBytes, long endBytes)
    {
        RequireBlocks(inode, offsetBytes, endBytes);
        string what = $"insert into inode {inode.Number}";
        if (endBytes - offsetBytes > _io.Inodes.Truncation.LargestSizeBytes(inode) - inode.SizeBytes)
            throw new FileSystemException(Errno.EFBIG, what, $"a file ends at {_io.Inodes.Truncation.LargestSizeBytes(inode)}");
        if (offsetBytes >= inode.SizeBytes)
            throw new FileSystemException(Errno.EINVAL, what, "the range begins past the end of the file");
        await DropAsync(inode, offsetBytes); // (1)
        ExtentMap map = inode.Extents;
        uint first = (uint)(offsetBytes >> _io.BlockSizeBits);
        uint lengthBlocks = (uint)((endBytes - offsetBytes) >> _io.BlockSizeBits);
        if (lengthBlocks > uint.MaxValue - map.FindEnd())
            throw new FileSystemException(Errno.EINVAL, what, "blocks that are reserved past the end would lie beyond what a map reaches");
        Handle handle = await _io.Journal.StartAsync((2 * map.CreditsToShift()) + ExtraCredits, "insert range");
        try
        {
            handle.IsSync |= inode.IsSynchronous;
            await SplitAsync(handle, inode, first);
            await ChangeSizeAsync(handle, inode, endBytes - offsetBytes); // (2)
            await MappingShift.UpAsync(map, handle, inode.MappingLock, first, lengthBlocks);
            inode.NoteTransaction(handle, isDataIntegrity: true);
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    private void RequireBlocks(Inode inode, long offsetBytes, long endBytes)
    {
        if (((offsetBytes | endBytes) & (_io.BlockSizeBytes - 1)) != 0)
            throw new FileSystemException(Errno.EINVAL, $"shift of inode {inode.Number}", "the range is not made of whole blocks");
    }

    private async ValueTask DropAsync(Inode inode, long offsetBytes)
    {
        if (inode.HasPages)
        {
            await _writeBack.WriteFileAsync(inode);
            await inode.Pages.RemoveAsync(offsetBytes & -Page.SizeBytes, long.MaxValue);
        }

        await _writeBack.ConvertedAsync(inode); // else the conversion would look for blocks where they are no more
    }

    private static async ValueTask SplitAsync(Handle handle, Inode inode, uint block)
    {
        await inode.MappingLock.LockExclusiveAsync();
        try
        {
            inode.Extents.SplitBefore(handle, block);
        }
        finally
        {
            inode.MappingLock.UnlockExclusive();
        }
    }

    private static async ValueTask ChangeSizeAsync(Handle handle, Inode inode, long byBytes)
    {
        await inode.MappingLock.LockExclusiveAsync();
        inode.SizeBytes += byBytes;
        inode.DiskSizeBytes = inode.SizeBytes;
        inode.ModifyTime = inode.ChangeTime = inode.Now();
        inode.MarkDirty(handle);
        inode.NoteTransaction(handle, isDataIntegrity: true);
        inode.MappingLock.UnlockExclusive();
    }
}
