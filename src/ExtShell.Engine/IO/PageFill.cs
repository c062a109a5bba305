using System.Buffers;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>Brings blocks of a file into its page cache.</summary>
/// <remarks>
/// (1) Holes and unwritten blocks are zeroes, whatever the device holds.
/// (2) The page's lock is held over the read of the device; who drops pages after a direct write waits for it. What was written to the page
/// meanwhile is newer and stays.
/// (3) Bytes past the end of the file are zero in the page.
/// (4) A reader holds the invalidation lock shared from the lookup to the end of the read of the device: who punches or shifts blocks comes
/// before or behind. A writer has the inode lock, which excludes them.
/// (5) Blocks that left write-back before their conversion, and whose page was dropped meanwhile, would be read as zeroes: that conversion
/// is waited for once the page is there and before it is locked, so that no later write-back of these blocks can have been dropped.
/// (6) Journalled data (data=journal) is newest in the buffer cache.
/// </remarks>
public sealed class PageFill
{
    private readonly IoContext _io;

    internal PageFill(IoContext io) => _io = io;

    /// <summary>The page, with the blocks that a range of it touches up to date.</summary>
    public ValueTask<Page> ForReadAsync(Inode inode, long index, int offset, int length) =>
        FillAsync(inode, index, offset, length, isForWrite: false);

    /// <summary>The page, with those blocks up to date that a write of the range touches only in part.</summary>
    public ValueTask<Page> ForWriteAsync(Inode inode, long index, int offset, int length) =>
        FillAsync(inode, index, offset, length, isForWrite: true);

    private async ValueTask<Page> FillAsync(Inode inode, long index, int offset, int length, bool isForWrite)
    {
        while (true)
        {
            Page page = inode.Pages.GetOrAdd(index);
            if (Missing(inode, page, offset, length, isForWrite) == 0)
                return page;
            await _io.Protocol.WrittenBackAsync(inode); // (5)
            if (!isForWrite && !inode.InvalidationLock.TryLockShared())
                await inode.InvalidationLock.LockSharedAsync(); // (4)
            try
            {
                await FillMissingAsync(inode, page, offset, length, isForWrite);
            }
            finally
            {
                if (!isForWrite)
                    inode.InvalidationLock.UnlockShared();
            }
        }
    }

    private async ValueTask FillMissingAsync(Inode inode, Page page, int offset, int length, bool isForWrite)
    {
        if (!page.TryLock())
            await page.LockAsync(); // (2)
        try
        {
            uint missing = page.IsGone ? 0 : Missing(inode, page, offset, length, isForWrite);
            for (; missing != 0; missing &= missing - 1)
                await FillBlockAsync(inode, page, System.Numerics.BitOperations.TrailingZeroCount(missing));
        }
        finally
        {
            page.Unlock();
        }
    }

    private static uint Missing(Inode inode, Page page, int offset, int length, bool isForWrite) =>
        isForWrite ? page.BlocksToFillFor(offset, length) : inode.Pages.BlocksTouched(offset, length) & ~page.UptodateBlocks;

    private async ValueTask FillBlockAsync(Inode inode, Page page, int blockInPage)
    {
        int within = blockInPage << _io.BlockSizeBits;
        long fileOffset = page.OffsetBytes + within;
        BlockMapping mapping = inode.Map.Lookup((uint)(fileOffset >> _io.BlockSizeBits), 1);
        if (mapping.State != MappingState.Written || fileOffset >= inode.SizeBytes)
        {
            page.Bytes.Span.Slice(within, _io.BlockSizeBytes).Clear(); // (1), (3)
            page.MarkUptodate(1u << blockInPage);
            return;
        }

        if (_io.Volume.JournalsData && _io.Volume.Buffers.Find(mapping.PhysicalBlock) is { IsLoaded: true } journalled)
        {
            Fill(inode, page, blockInPage, journalled.Read()); // (6)
            return;
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent(_io.BlockSizeBytes);
        Bio bio = _io.TakeBio();
        _io.Device.Submit(bio.SetRead(mapping.PhysicalBlock << _io.BlockSizeBits, bytes.AsMemory(0, _io.BlockSizeBytes)));
        await bio.WaitAsync();
        Errno error = bio.Error;
        _io.GiveBio(bio);
        if (error == Errno.None && (page.UptodateBlocks & (1u << blockInPage)) == 0) // (2)
            Fill(inode, page, blockInPage, bytes);

        ArrayPool<byte>.Shared.Return(bytes);
        if (error != Errno.None)
            throw new FileSystemException(error, $"read inode {inode.Number} at {fileOffset}", "the device failed the read");
    }

    private void Fill(Inode inode, Page page, int blockInPage, ReadOnlySpan<byte> content)
    {
        int within = blockInPage << _io.BlockSizeBits;
        int inside = (int)Math.Clamp(inode.SizeBytes - (page.OffsetBytes + within), 0, _io.BlockSizeBytes);
        content[..inside].CopyTo(page.Bytes.Span[within..]);
        page.Bytes.Span.Slice(within + inside, _io.BlockSizeBytes - inside).Clear(); // (3)
        page.MarkUptodate(1u << blockInPage);
    }
}
