using ExtShell.Engine.Caching;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.Caching;

public sealed class PageCacheTests
{
    private readonly Machine _machine = new();

    [Theory]
    [InlineData(4096, 1u)]
    [InlineData(2048, 3u)]
    [InlineData(1024, 15u)]
    public void APageKeepsStateForEachBlockInIt(int blockSize, uint all)
    {
        var cache = new PageCache(_machine, blockSize);
        Assert.Equal(all, cache.AllBlocks);
        cache.Write(4096, new byte[blockSize]);
        Page page = cache.Find(1)!;
        Assert.Equal((1u, 1u), (page.UptodateBlocks, page.DirtyBlocks));
        Assert.Equal(blockSize == 4096, page.IsUptodate);
        Assert.Equal((1, 1), (cache.Count, cache.DirtyPageCount));
    }

    [Fact]
    public void ABlockIsFilledBeforeAPartOfItIsWritten()
    {
        var cache = new PageCache(_machine, 1024);
        Page page = cache.GetOrAdd(0);
        Assert.Equal(0b0101u, page.BlocksToFillFor(1000, 1100)); // bytes 1000 to 2100: parts of blocks 0 and 2, all of block 1
        Assert.Throws<InvariantException>(() => cache.Write(1000, new byte[1100]));
        page.MarkUptodate(0b0101);
        cache.Write(1000, new byte[1100], call: 7);
        Assert.Equal((0b0111u, 0b0111u, 7), (page.UptodateBlocks, page.DirtyBlocks, page.Call));
        Assert.True(page.IsUptodateIn(0, 3072));
        Assert.False(page.IsUptodateIn(0, 3073));
    }

    [Fact]
    public void DirtyRangesComeInOrderHoweverTheyWereWritten()
    {
        var cache = new PageCache(_machine, 1024);
        foreach (long block in new long[] { 900, 5, 3, 4, 7, 8, 1000 })
            cache.Write(block * 1024, new byte[1024]);
        Assert.Equal(
            [(3L, 3L), (7L, 2L), (900L, 1L), (1000L, 1L)],
            Dirty(cache, 0, long.MaxValue).Select(range => (range.OffsetBytes / 1024, range.LengthBytes / 1024)));
        Assert.Equal(
            [(4L, 2L), (7L, 1L)], Dirty(cache, 4 * 1024, 8 * 1024).Select(range => (range.OffsetBytes / 1024, range.LengthBytes / 1024)));
        Assert.Empty(Dirty(cache, 9 * 1024, 900 * 1024));
    }

    [Fact]
    public void WriteBackTakesTheBytesAndTheBlockMayBecomeDirtyAgain()
    {
        var cache = new PageCache(_machine, 4096);
        cache.Write(0, Filled(1), call: 3);
        var taken = new byte[4096];
        Assert.Equal(3, cache.BeginWriteback(0, taken));
        Page page = cache.Find(0)!;
        Assert.True(page is { IsWriteback: true, IsDirty: false });
        cache.Write(0, Filled(2));
        Assert.True(page is { IsWriteback: true, IsDirty: true });
        Assert.Equal(1, taken[0]);
        Assert.Throws<InvariantException>(() => cache.BeginWriteback(0, taken));
        cache.EndWriteback(0, 4096, Errno.None);
        Assert.True(page is { IsWriteback: false, IsDirty: true });
        Assert.Equal((1, 0), (cache.DirtyPageCount, cache.WritebackPageCount));
    }

    [Fact]
    public void AFailedWriteBackLeavesItsRangeDirty()
    {
        var cache = new PageCache(_machine, 1024);
        cache.Write(0, new byte[8192]);
        cache.BeginWriteback(1024, new byte[4096]);
        cache.EndWriteback(1024, 4096, Errno.EIO);
        Assert.Equal([new DirtyRange(0, 8192)], Dirty(cache, 0, long.MaxValue));
    }

    [Fact]
    public void InvalidationDropsWhatIsCleanAndSaysWhetherAnythingIsLeft()
    {
        var cache = new PageCache(_machine, 4096);
        foreach (long index in new long[] { 0, 1, 2, 3 })
            cache.GetOrAdd(index).MarkUptodate(1);
        cache.Write(2 * 4096, Filled(1));
        Assert.False(cache.TryInvalidate(4096, 3 * 4096));
        Assert.Equal((true, false, true, false), (cache.Find(0) is not null, cache.Find(1) is not null, cache.Find(2) is not null,
            cache.Find(3) is not null));
        Assert.True(cache.TryInvalidate(4095, 1));
        Assert.False(cache.HasPages(0, 8192));
        Assert.True(cache.HasPages(0, 8193));
    }

    [Fact]
    public void TruncationZeroesTheTailAndDropsWhatFollowsDirtyOrNot()
    {
        var cache = new PageCache(_machine, 1024);
        cache.Write(0, [.. Filled(9), .. Filled(9), .. Filled(9)]);
        _machine.Run(() => cache.TruncateAsync(4096 + 1500));
        Page page = cache.Find(1)!;
        Assert.Null(cache.Find(2));
        Assert.Equal((9, 0, 0), (page.Bytes.Span[1499], page.Bytes.Span[1500], page.Bytes.Span[2047]));
        Assert.Equal((0b0011u, 0b0011u), (page.UptodateBlocks, page.DirtyBlocks));
        Assert.Equal(2, cache.DirtyPageCount);
        _machine.Run(() => cache.TruncateAsync(0));
        Assert.Equal((0, 0), (cache.Count, cache.DirtyPageCount));
    }

    [Fact]
    public void TruncationWaitsForWriteBackAndForTheLock()
    {
        var cache = new PageCache(_machine, 4096);
        cache.Write(0, Filled(1));
        Page page = cache.Find(0)!;
        cache.BeginWriteback(0, new byte[4096]);
        Assert.True(page.TryLock());
        _machine.Spawn("filler", () =>
        {
            page.Unlock();
            cache.EndWriteback(0, 4096, Errno.None);
            return default;
        });
        _machine.Run(() => cache.TruncateAsync(0));
        Assert.True(page.IsGone);
        Assert.Equal(0, cache.WritebackPageCount);
    }

    [Fact]
    public void ManyPagesInAnyOrderAreFoundInOrder()
    {
        var cache = new PageCache(_machine, 4096);
        var random = new Random(5);
        HashSet<long> wanted = [];
        for (int i = 0; i < 3000; i++)
        {
            long index = random.NextInt64(1L << random.Next(1, 40));
            if (random.Next(4) == 0 && wanted.Count > 0)
            {
                index = wanted.First();
                _machine.Run(() => cache.RemoveAsync(index * 4096, 4096));
                wanted.Remove(index);
            }
            else
            {
                cache.Write(index * 4096, Filled(1));
                wanted.Add(index);
            }
        }

        long[] found = [.. Dirty(cache, 0, long.MaxValue)
            .SelectMany(range => Enumerable.Range(0, (int)(range.LengthBytes / 4096)).Select(i => (range.OffsetBytes / 4096) + i))];
        Assert.Equal(wanted.Order(), found);
        Assert.Equal(wanted.Count, cache.Count);
    }

    private static byte[] Filled(byte value) => [.. Enumerable.Repeat(value, 4096)];

    private static List<DirtyRange> Dirty(PageCache cache, long from, long to)
    {
        List<DirtyRange> ranges = [];
        while (cache.TryFindDirty(from, to, out DirtyRange range))
        {
            ranges.Add(range);
            from = range.EndBytes;
        }

        return ranges;
    }
}
