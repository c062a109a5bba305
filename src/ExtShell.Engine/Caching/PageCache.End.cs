namespace ExtShell.Engine.Caching;

public sealed partial class PageCache
{
    /// <summary>
    /// The file grows: what stores have left between its old end and its new one, in the page of the old end, becomes zero, and the page
    /// is closed for stores, as its blocks past the old end are not dirty.
    /// </summary>
    public void Extend(long oldSizeBytes, long newSizeBytes)
    {
        if (_pages.Count > 0 && oldSizeBytes % Page.SizeBytes != 0)
            ZeroPastEnd(oldSizeBytes, newSizeBytes)?.CloseForStores();
    }

    private Page? ZeroPastEnd(long sizeBytes, long toBytes)
    {
        int within = (int)(sizeBytes % Page.SizeBytes);
        if (within == 0 || _pages.Find(sizeBytes / Page.SizeBytes) is not { } page)
            return null;
        page.Bytes.Span[within..(int)Math.Min(Page.SizeBytes, toBytes - page.OffsetBytes)].Clear(); // (3)
        return page;
    }
}
