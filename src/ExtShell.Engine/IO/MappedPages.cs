using System.Diagnostics.CodeAnalysis;
using ExtShell.Engine.Caching;

namespace ExtShell.Engine.IO;

/// <summary>What one mapping of a file has in reach without a fault: its page table.</summary>
/// <remarks>
/// (1) A page that left the cache, or whose block left the file, is out of reach: truncate, punch and direct writes unmap by dropping it.
/// (2) Where blocks are smaller than pages, a block that was dropped alone is out of reach too.
/// </remarks>
public sealed class MappedPages
{
    private readonly Dictionary<long, Page> _pages = [];
    private readonly Dictionary<long, MemoryPage> _memory = [];

    /// <summary>The page, if a load of the range needs no fault.</summary>
    public bool TryFindForLoad(long index, int within, int lengthBytes, out MappedPlace place)
    {
        place = default;
        if (TryFindMemory(index, out MemoryPage? memory))
            place = new MappedPlace(null, memory);
        else if (_pages.TryGetValue(index, out Page? page) && !page.IsGone && page.IsUptodateIn(within, lengthBytes)) // (1), (2)
            place = new MappedPlace(page, null);
        return place != default;
    }

    /// <summary>The page, if a store into it needs no fault.</summary>
    public bool TryFindForStore(long index, out MappedPlace place)
    {
        place = default;
        if (TryFindMemory(index, out MemoryPage? memory) && memory.IsOpenForStores)
            place = new MappedPlace(null, memory);
        else if (_pages.TryGetValue(index, out Page? page) && page is { IsGone: false, IsOpenForStores: true }) // (1)
            place = new MappedPlace(page, null);
        return place != default;
    }

    internal MappedPlace Set(Page page)
    {
        _pages[page.Index] = page;
        return new MappedPlace(page, null);
    }

    internal MappedPlace Set(MemoryPage page)
    {
        _memory[page.Index] = page;
        return new MappedPlace(null, page);
    }

    private bool TryFindMemory(long index, [NotNullWhen(true)] out MemoryPage? page) =>
        _memory.TryGetValue(index, out page) && !page.IsGone; // (1)
}
