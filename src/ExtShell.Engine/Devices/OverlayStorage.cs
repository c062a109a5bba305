namespace ExtShell.Engine.Devices;

/// <summary>Frozen content with changed pages over it; the frozen content stays as it is. Costs what is changed.</summary>
/// <remarks>(1) A page that a snapshot shares is cloned before it is written: only pages in <c>_owned</c> are written in place.</remarks>
internal sealed class OverlayStorage : IStorage
{
    private const int PageSizeBytes = PagedMemory.PageSizeBytes;
    private readonly IFrozenPages _below;
    private readonly Dictionary<long, byte[]> _pages;
    private readonly HashSet<long> _owned = [];

    public OverlayStorage(IFrozenPages below)
        : this(below, [])
    {
    }

    private OverlayStorage(IFrozenPages below, Dictionary<long, byte[]> pages)
    {
        _below = below;
        _pages = pages;
    }

    public long LengthBytes => _below.LengthBytes;

    public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes)
    {
        int within = (int)(offsetBytes % PageSizeBytes);
        if (within + lengthBytes <= PageSizeBytes)
            return ReadInPage(offsetBytes / PageSizeBytes, within, lengthBytes);
        var copy = new byte[lengthBytes];
        Read(offsetBytes, copy);
        return copy;
    }

    public void Read(long offsetBytes, Span<byte> into)
    {
        while (into.Length > 0)
        {
            int within = (int)(offsetBytes % PageSizeBytes);
            int part = Math.Min(into.Length, PageSizeBytes - within);
            ReadInPage(offsetBytes / PageSizeBytes, within, part).CopyTo(into);
            into = into[part..];
            offsetBytes += part;
        }
    }

    public void Write(long offsetBytes, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int within = (int)(offsetBytes % PageSizeBytes);
            int part = Math.Min(bytes.Length, PageSizeBytes - within);
            bytes[..part].CopyTo(OwnedPage(offsetBytes / PageSizeBytes).AsSpan(within));
            bytes = bytes[part..];
            offsetBytes += part;
        }
    }

    public void WriteZeroes(long offsetBytes, long lengthBytes)
    {
        while (lengthBytes > 0)
        {
            int within = (int)(offsetBytes % PageSizeBytes);
            int part = (int)Math.Min(lengthBytes, PageSizeBytes - within);
            OwnedPage(offsetBytes / PageSizeBytes).AsSpan(within, part).Clear();
            offsetBytes += part;
            lengthBytes -= part;
        }
    }

    public IStorage Snapshot()
    {
        _owned.Clear(); // (1)
        return new OverlayStorage(_below, new Dictionary<long, byte[]>(_pages));
    }

    private ReadOnlySpan<byte> ReadInPage(long page, int within, int lengthBytes) =>
        _pages.TryGetValue(page, out byte[]? bytes) ? bytes.AsSpan(within, lengthBytes) : _below.ReadInPage(page, within, lengthBytes);

    private byte[] OwnedPage(long page)
    {
        if (_owned.Contains(page))
            return _pages[page];
        var bytes = new byte[PageSizeBytes];
        int length = (int)Math.Min(PageSizeBytes, LengthBytes - (page * PageSizeBytes));
        ReadInPage(page, 0, length).CopyTo(bytes);
        _pages[page] = bytes;
        _owned.Add(page);
        return bytes;
    }
}
