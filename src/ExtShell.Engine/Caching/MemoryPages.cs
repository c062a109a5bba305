using ExtShell.Engine.Devices;

namespace ExtShell.Engine.Caching;

/// <summary>4 KiB of a file that mappings reach in the device's memory itself, without a fault.</summary>
public sealed class MemoryPage
{
    internal MemoryPage(long index, long deviceOffsetBytes) => (Index, DeviceOffsetBytes) = (index, deviceOffsetBytes);

    /// <summary>Which page of the file.</summary>
    public long Index { get; }

    /// <summary>Where on the device, in bytes.</summary>
    public long DeviceOffsetBytes { get; }

    /// <summary>Whether its block may be another's by now: who mapped it must look it up again.</summary>
    public bool IsGone { get; internal set; }

    /// <summary>Whether stores may go into it without a fault: its lines are flushed by the next sync of the file.</summary>
    public bool IsOpenForStores { get; internal set; }
}

/// <summary>The pages of one file that mappings reach in the device's memory.</summary>
/// <remarks>
/// (1) A page leaves before its block is freed, or becomes unwritten.
/// (2) A page that leaves, or is closed for stores, has its lines flushed; the next fence makes them durable.
/// </remarks>
public sealed class MemoryPages(PersistentMemory memory)
{
    private readonly SortedDictionary<long, MemoryPage> _pages = [];

    /// <summary>How many there are.</summary>
    public int Count => _pages.Count;

    /// <summary>The page; its block is written and lies at <paramref name="deviceOffsetBytes"/>.</summary>
    public MemoryPage Add(long index, long deviceOffsetBytes)
    {
        if (_pages.TryGetValue(index, out MemoryPage? known) && known.DeviceOffsetBytes == deviceOffsetBytes)
            return known;
        if (known is not null)
            Leave(known);
        var page = new MemoryPage(index, deviceOffsetBytes);
        _pages[index] = page;
        return page;
    }

    /// <summary>Lets mappings store into the page.</summary>
    public static void Open(MemoryPage page) => page.IsOpenForStores = true;

    /// <summary>Flushes what was stored into the pages that the range touches; the next store faults. (2)</summary>
    public void Flush(long offsetBytes, long lengthBytes)
    {
        foreach (MemoryPage page in _pages.Values)
        {
            if (Touches(page, offsetBytes, lengthBytes))
                Close(page);
        }
    }

    /// <summary>Takes the pages that the range touches out of reach. (1)</summary>
    public void Remove(long offsetBytes, long lengthBytes)
    {
        List<MemoryPage> leaving = [.. _pages.Values.Where(page => Touches(page, offsetBytes, lengthBytes))];
        foreach (MemoryPage page in leaving)
        {
            Leave(page);
            _pages.Remove(page.Index);
        }
    }

    private static bool Touches(MemoryPage page, long offsetBytes, long lengthBytes)
    {
        long start = page.Index * Page.SizeBytes;
        return start + Page.SizeBytes > offsetBytes && start - offsetBytes < lengthBytes;
    }

    private void Leave(MemoryPage page)
    {
        Close(page);
        page.IsGone = true;
    }

    private void Close(MemoryPage page)
    {
        if (page.IsOpenForStores)
            memory.FlushLines(page.DeviceOffsetBytes, Page.SizeBytes); // (2)
        page.IsOpenForStores = false;
    }
}
