using ExtShell.Engine.Caching;
using ExtShell.Engine.Inodes;

namespace ExtShell.Engine.IO;

/// <summary>
/// Keeps direct I/O and the page cache telling the same: what is cached dirty is written back before the device is read or written around
/// the cache, and what is cached clean is dropped before and after a direct write.
/// </summary>
/// <remarks>
/// (1) A page that is being filled may hold what the device had before the write: it is waited for, then dropped.
/// (2) A page that was written through the cache while the direct write was on its way stays: both writes ran together, and which wins is
/// not promised. As on Linux, bytes that share a page with it go the way of the page.
/// (3) Pages are written back whole before they are dropped: where blocks are smaller than pages, one dirty block beside the range would
/// keep all of its page.
/// (4) Pages may leave write-back before their blocks are converted, where the protocol has it so: to read those blocks, or to drop the
/// pages, would show zeroes. The pages may be gone by then.
/// </remarks>
public sealed class PageCoherence
{
    private readonly WriteBack _writeBack;

    internal PageCoherence(WriteBack writeBack) => _writeBack = writeBack;

    /// <summary>Whether a page of the range is cached, dirty or not.</summary>
    public static bool HasPages(Inode inode, long offsetBytes, long lengthBytes) =>
        inode.HasPages && inode.Pages.HasPages(offsetBytes, lengthBytes);

    /// <summary>Before a direct read.</summary>
    public async ValueTask WriteBackAsync(Inode inode, long offsetBytes, long lengthBytes)
    {
        if (inode.HasPages)
            await _writeBack.WriteAndWaitAsync(inode, offsetBytes, lengthBytes);
        await _writeBack.ConvertedAsync(inode); // (4)
    }

    /// <summary>Before a direct write.</summary>
    public async ValueTask WriteBackAndDropAsync(Inode inode, long offsetBytes, long lengthBytes)
    {
        if (inode.HasPages)
        {
            long begin = offsetBytes & -Page.SizeBytes; // (3)
            long end = (offsetBytes + lengthBytes + Page.SizeBytes - 1) & -Page.SizeBytes;
            await _writeBack.WriteAndWaitAsync(inode, begin, end - begin);
        }

        await _writeBack.ConvertedAsync(inode); // (4)
        await DropAsync(inode, offsetBytes, lengthBytes);
    }

    /// <summary>After a direct write: drops the clean pages of the range.</summary>
    public async ValueTask DropAsync(Inode inode, long offsetBytes, long lengthBytes)
    {
        if (!inode.HasPages)
            return;
        long last = (offsetBytes + lengthBytes - 1) / Page.SizeBytes;
        for (long index = offsetBytes / Page.SizeBytes; index <= last; index++)
        {
            if (inode.Pages.Find(index) is not { } page)
                continue;
            if (!page.TryLock())
                await page.LockAsync(); // (1)
            page.Unlock();
            if (page.IsWriteback)
                await page.WaitForWritebackAsync();
            inode.Pages.TryInvalidate(page.OffsetBytes, Page.SizeBytes); // (2)
        }
    }
}
