using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Caching;

/// <summary>
/// The pages of one file. It knows bytes and their state, not blocks of the volume: who writes back maps the ranges, submits, and reports
/// the end.
/// </summary>
/// <remarks>
/// Write-back: <see cref="TryFindDirty"/> names the next dirty range in order; the writer waits for older write-back of it
/// (<see cref="WaitForWritebackAsync"/>), maps it, takes the bytes by <see cref="BeginWriteback"/>, submits, and calls
/// <see cref="EndWriteback"/> from the end of I/O, where interrupts may.
/// (1) Pages are visited in order of their index, whatever order they came in.
/// (2) What is invalidated is neither dirty nor in write-back; what is truncated is gone, dirty or not.
/// (3) Bytes past the end of the file are zero in every up-to-date block: truncation and extension keep that. Only stores of mappings may
/// change them, in the page of the end; write-back and extension make them zero again.
/// </remarks>
public sealed partial class PageCache : IFootprint
{
    private readonly Machine _machine;
    private readonly PageTable _pages = new();

    /// <summary>Makes an empty cache.</summary>
    /// <param name="machine">The machine whose threads wait for it.</param>
    /// <param name="blockSizeBytes">Bytes of a file-system block: 1024, 2048 or 4096.</param>
    public PageCache(Machine machine, int blockSizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockSizeBytes, Page.SizeBytes);
        _machine = machine;
        BlockSizeBytes = blockSizeBytes;
        AllBlocks = uint.MaxValue >> (32 - (Page.SizeBytes / blockSizeBytes));
    }

    /// <inheritdoc/>
    public long FootprintKey { get; init; }

    /// <summary>Bytes of a file-system block.</summary>
    public int BlockSizeBytes { get; }

    /// <summary>The mask of all blocks of a page.</summary>
    public uint AllBlocks { get; }

    /// <summary>How many pages there are.</summary>
    public int Count => _pages.Count;

    /// <summary>What mappings reach of the file beside these pages, in the device's memory; null where it is no memory.</summary>
    public MemoryPages? MappedMemory { get; set; }

    /// <summary>Whether there is neither a page nor mapped memory.</summary>
    public bool IsEmpty => _pages.Count == 0 && MappedMemory is not { Count: > 0 };

    /// <summary>How many pages hold something newer than the device.</summary>
    public int DirtyPageCount { get; internal set; }

    /// <summary>How many pages are on their way to the device.</summary>
    public int WritebackPageCount { get; internal set; }

    /// <summary>The page, if there is one.</summary>
    public Page? Find(long index) => _pages.Find(index);

    /// <summary>The first page at or after an index.</summary>
    public Page? FindNext(long index) => _pages.FindNext(index);

    /// <summary>The page; a new one has no block up to date.</summary>
    public Page GetOrAdd(long index)
    {
        if (_pages.Find(index) is { } found)
            return found;
        var page = new Page(this, _machine, index);
        _pages.Add(page);
        return page;
    }

    /// <summary>Whether a page of the range is there.</summary>
    public bool HasPages(long offsetBytes, long lengthBytes) =>
        lengthBytes > 0 && FirstPage(offsetBytes, End(offsetBytes, lengthBytes)) is not null;

    /// <summary>
    /// Copies bytes into pages, which are made as needed, and marks them dirty. Blocks touched only in part must have been filled.
    /// </summary>
    public void Write(long offsetBytes, ReadOnlySpan<byte> bytes, int call = -1)
    {
        while (bytes.Length > 0)
        {
            int within = (int)(offsetBytes % Page.SizeBytes);
            int part = Math.Min(bytes.Length, Page.SizeBytes - within);
            Page page = GetOrAdd(offsetBytes / Page.SizeBytes);
            bytes[..part].CopyTo(page.Bytes.Span[within..]);
            page.MarkDirty(within, part);
            page.Call = call;
            offsetBytes += part;
            bytes = bytes[part..];
        }
    }

    /// <summary>
    /// The first stretch of dirty blocks that begins at or after <paramref name="fromBytes"/>, up to <paramref name="toBytes"/>. (1)
    /// </summary>
    /// <param name="fromBytes">Where to begin.</param>
    /// <param name="toBytes">Where to end.</param>
    /// <param name="range">The stretch; its neighbours are not dirty, unless they lie outside what was asked.</param>
    public bool TryFindDirty(long fromBytes, long toBytes, out DirtyRange range)
    {
        range = default;
        if (DirtyPageCount == 0)
            return false;
        long begin = -1, end = -1;
        for (Page? page = FirstPage(fromBytes, toBytes); page is not null; page = PageAfter(page, toBytes))
        {
            for (uint left = page.DirtyBlocks; left != 0; left &= left - 1)
            {
                long block = page.OffsetBytes + ((long)BitOperations.TrailingZeroCount(left) * BlockSizeBytes);
                if (block + BlockSizeBytes <= fromBytes || block >= toBytes)
                    continue;
                if (begin < 0)
                    begin = end = block;
                if (block != end)
                    return Found(begin, end, out range);
                end = block + BlockSizeBytes;
            }

            if (begin >= 0 && end < page.OffsetBytes + Page.SizeBytes)
                break;
        }

        return begin >= 0 && Found(begin, end, out range);
    }

    /// <summary>
    /// Takes a dirty range for write-back: copies its bytes and turns dirty blocks into blocks in write-back.
    /// </summary>
    /// <param name="offsetBytes">Where in the file; a multiple of the block size.</param>
    /// <param name="into">Where to put the bytes; a multiple of the block size long, all of it in dirty blocks.</param>
    /// <param name="sizeBytes">The size of the file: what is past it in its last page becomes zero. (3)</param>
    /// <returns>The call that wrote last to the first page.</returns>
    public int BeginWriteback(long offsetBytes, Span<byte> into, long sizeBytes = long.MaxValue)
    {
        if (offsetBytes + into.Length > sizeBytes)
            ZeroPastEnd(sizeBytes, long.MaxValue);
        int call = -1;
        for (int done = 0; done < into.Length;)
        {
            (Page page, int within, int part) = At(offsetBytes + done, into.Length - done);
            uint blocks = BlocksInside(within, part);
            InvariantException.Require((page.DirtyBlocks & blocks) == blocks, "only dirty blocks are written back");
            page.Bytes.Span.Slice(within, part).CopyTo(into[done..]);
            page.BeginWriteback(blocks);
            if (done == 0)
                call = page.Call;
            done += part;
        }

        return call;
    }

    /// <summary>
    /// Write-back of a range has ended; legal in interrupt context. On an error the range is dirty again unless it is gone.
    /// </summary>
    public void EndWriteback(long offsetBytes, long lengthBytes, Errno error)
    {
        Touch();
        for (long done = 0; done < lengthBytes;)
        {
            int within = (int)((offsetBytes + done) % Page.SizeBytes);
            int part = (int)Math.Min(lengthBytes - done, Page.SizeBytes - within);
            if (_pages.Find((offsetBytes + done) / Page.SizeBytes) is { } page)
            {
                uint blocks = BlocksInside(within, part);
                page.EndWriteback(blocks);
                if (error != Errno.None)
                    page.MarkDirtyBlocks(blocks & page.UptodateBlocks);
            }

            done += part;
        }
    }

    /// <summary>What was written back is not reachable: blocks of the range that are there and up to date are dirty again.</summary>
    public void MakeDirtyAgain(long offsetBytes, long lengthBytes)
    {
        long end = End(offsetBytes, lengthBytes);
        for (Page? page = FirstPage(offsetBytes, end); page is not null; page = PageAfter(page, end))
        {
            int from = (int)Math.Max(0, offsetBytes - page.OffsetBytes);
            int to = (int)Math.Min(Page.SizeBytes, end - page.OffsetBytes);
            page.MarkDirtyBlocks(BlocksInside(from, to - from) & page.UptodateBlocks);
        }
    }

    /// <summary>Waits until no page of the range is on its way to the device.</summary>
    public async ValueTask WaitForWritebackAsync(long offsetBytes, long lengthBytes)
    {
        long end = End(offsetBytes, lengthBytes);
        for (Page? page = FirstPage(offsetBytes, end); page is not null; page = PageAfter(page, end))
        {
            if (page.IsWriteback)
                await page.WaitForWritebackAsync();
        }
    }

    /// <summary>
    /// Drops the clean pages of the range, as after a direct write of it. Pages that are dirty, in write-back or locked stay.
    /// </summary>
    /// <returns>Whether no page of the range is left.</returns>
    public bool TryInvalidate(long offsetBytes, long lengthBytes)
    {
        bool isEmpty = true;
        long end = End(offsetBytes, lengthBytes);
        for (Page? page = FirstPage(offsetBytes, end); page is not null; page = PageAfter(page, end))
        {
            if (page.IsDirty || page.IsWriteback || page.IsLocked) // (2)
                isEmpty = false;
            else
                Remove(page);
        }

        return isEmpty;
    }

    /// <summary>
    /// Waits for the locks and the write-back of the range, then drops its pages, dirty or not, as before a hole is punched.
    /// </summary>
    /// <param name="offsetBytes">Where in the file; bytes of pages and blocks that lie in the range only in part are set to zero and
    /// stay.</param>
    /// <param name="lengthBytes">How long; <see cref="long.MaxValue"/> for all that follows.</param>
    public async ValueTask RemoveAsync(long offsetBytes, long lengthBytes)
    {
        MappedMemory?.Remove(offsetBytes, lengthBytes);
        long end = End(offsetBytes, lengthBytes);
        for (Page? page = FirstPage(offsetBytes, end); page is not null; page = PageAfter(page, end))
        {
            await page.LockAsync();
            if (page.IsWriteback)
                await page.WaitForWritebackAsync();
            page.Unlock();
            if (page.IsGone)
                continue;
            int from = (int)Math.Max(0, offsetBytes - page.OffsetBytes);
            int to = (int)Math.Min(Page.SizeBytes, end - page.OffsetBytes);
            if (from == 0 && to == Page.SizeBytes)
                Remove(page);
            else
                ZeroPart(page, from, to);
        }
    }

    /// <summary>
    /// The file has a new, smaller size: pages past it go, and the tail of the last one becomes zero (3). The caller holds what keeps
    /// others from making pages there, and marks the last block dirty if its zeroes must reach the device.
    /// </summary>
    public ValueTask TruncateAsync(long sizeBytes) => RemoveAsync(sizeBytes, long.MaxValue);

    /// <summary>The blocks of a page that a range within it touches.</summary>
    public uint BlocksTouched(int offset, int length)
    {
        if (length <= 0)
            return 0;
        int first = offset / BlockSizeBytes;
        int last = (offset + length - 1) / BlockSizeBytes;
        return Mask(first, last - first + 1);
    }

    /// <summary>The blocks of a page that lie wholly in a range within it.</summary>
    public uint BlocksInside(int offset, int length)
    {
        int first = (offset + BlockSizeBytes - 1) / BlockSizeBytes;
        int end = (offset + length) / BlockSizeBytes;
        return end <= first ? 0 : Mask(first, end - first);
    }

    /// <summary>Says that the running step may change pages: coarse, all pages of a file are one resource.</summary>
    internal void Touch() => _machine.Touch(this, AccessKind.Write);

    private static uint Mask(int first, int count) => (uint.MaxValue >> (32 - count)) << first;

    private static long End(long offsetBytes, long lengthBytes) =>
        lengthBytes > long.MaxValue - offsetBytes ? long.MaxValue : offsetBytes + lengthBytes;

    private Page? FirstPage(long fromBytes, long toBytes) => Before(toBytes, _pages.FindNext(fromBytes / Page.SizeBytes));

    private Page? PageAfter(Page page, long toBytes) => Before(toBytes, _pages.FindNext(page.Index + 1));

    private static Page? Before(long toBytes, Page? page) => page is not null && page.OffsetBytes < toBytes ? page : null;

    private static bool Found(long begin, long end, out DirtyRange range)
    {
        range = new DirtyRange(begin, end - begin);
        return true;
    }

    private (Page Page, int Within, int Part) At(long offsetBytes, int lengthBytes)
    {
        int within = (int)(offsetBytes % Page.SizeBytes);
        if (!TryFind(offsetBytes / Page.SizeBytes, out Page? page))
            throw new InvariantException("a page in write-back is in the cache");
        return (page, within, Math.Min(lengthBytes, Page.SizeBytes - within));
    }

    private bool TryFind(long index, [NotNullWhen(true)] out Page? page)
    {
        page = _pages.Find(index);
        return page is not null;
    }

    private void ZeroPart(Page page, int from, int to)
    {
        page.Drop(BlocksInside(from, to - from));
        page.Bytes.Span[from..to].Clear();
    }

    private void Remove(Page page)
    {
        InvariantException.Require(!page.IsWriteback, "a page in write-back stays in the cache");
        page.Drop(AllBlocks);
        page.IsGone = true;
        _pages.Remove(page);
    }
}
