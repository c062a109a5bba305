using ExtShell.Engine.Caching;

namespace ExtShell.Engine.IO;

/// <summary>What one mapping of a file has in reach without a fault: its page table.</summary>
/// <remarks>
/// (1) A page that left the cache is out of reach: truncate, punch and direct writes unmap by dropping it.
/// (2) Where blocks are smaller than pages, a block that was dropped alone is out of reach too.
/// </remarks>
public sealed class MappedPages
{
    private readonly Dictionary<long, Page> _pages = [];

    /// <summary>The page, if a load of the range needs no fault.</summary>
    public Page? FindForLoad(long index, int within, int lengthBytes) =>
        _pages.TryGetValue(index, out Page? page) && !page.IsGone && page.IsUptodateIn(within, lengthBytes) ? page : null; // (1), (2)

    /// <summary>The page, if a store into it needs no fault.</summary>
    public Page? FindForStore(long index) =>
        _pages.TryGetValue(index, out Page? page) && !page.IsGone && page.IsOpenForStores ? page : null; // (1)

    internal void Set(Page page) => _pages[page.Index] = page;
}
