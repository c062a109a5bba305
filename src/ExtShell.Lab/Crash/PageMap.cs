using ExtShell.Engine.Devices;

namespace ExtShell.Lab.Crash;

/// <summary>
/// The pages of an undecided image that are not simply what is durable. Each is a list of segments that covers it without gaps. The pages
/// of the epoch are shared by all paths; what recovery writes on a path lies over them.
/// </summary>
/// <remarks>(1) Segment arrays are immutable, so that a copied page shares them.</remarks>
internal sealed class PageMap
{
    public const int PageSizeBytes = PagedMemory.PageSizeBytes;

    private readonly IStorage _durable;
    private readonly Dictionary<long, Segment[]> _ofEpoch = [];
    private readonly Dictionary<long, Segment[]> _ofPath = [];
    private readonly List<Segment> _scratch = [];

    public PageMap(Epoch epoch)
    {
        _durable = epoch.Durable;
        foreach (Cell cell in epoch.Cells)
        {
            for (int done = 0; done < cell.LengthBytes;)
            {
                long at = cell.OffsetBytes + done;
                int within = (int)(at % PageSizeBytes);
                int length = Math.Min(cell.LengthBytes - done, PageSizeBytes - within);
                Replace(_ofEpoch, at / PageSizeBytes, within, within + length, [new Segment(within, length, cell.Index, done, null)]);
                done += length;
            }
        }
    }

    /// <summary>The pages that recovery wrote on this path, in no order.</summary>
    public IEnumerable<long> PagesOfPath => _ofPath.Keys;

    public void ClearPath() => _ofPath.Clear();

    /// <summary>The segments of a page; null if it is what is durable.</summary>
    public Segment[]? Of(long page)
    {
        if (_ofPath.Count > 0 && _ofPath.TryGetValue(page, out Segment[]? segments))
            return segments;
        return _ofEpoch.TryGetValue(page, out segments) ? segments : null;
    }

    public void Write(long offsetBytes, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int within = (int)(offsetBytes % PageSizeBytes);
            int part = Math.Min(bytes.Length, PageSizeBytes - within);
            Replace(_ofPath, offsetBytes / PageSizeBytes, within, within + part,
                [new Segment(within, part, -1, 0, bytes[..part].ToArray())]);
            offsetBytes += part;
            bytes = bytes[part..];
        }
    }

    public void Copy(long fromBytes, long toBytes, int lengthBytes)
    {
        while (lengthBytes > 0)
        {
            int source = (int)(fromBytes % PageSizeBytes);
            int target = (int)(toBytes % PageSizeBytes);
            int part = Math.Min(lengthBytes, Math.Min(PageSizeBytes - source, PageSizeBytes - target));
            Segment[] from = OfOrDurable(fromBytes / PageSizeBytes);
            if (part == PageSizeBytes)
                _ofPath[toBytes / PageSizeBytes] = from; // (1)
            else
                Replace(_ofPath, toBytes / PageSizeBytes, target, target + part, Slice(from, source, source + part, target - source));
            fromBytes += part;
            toBytes += part;
            lengthBytes -= part;
        }
    }

    private static Segment[] Slice(Segment[] segments, int from, int to, int shift)
    {
        var slice = new List<Segment>();
        foreach (Segment segment in segments)
        {
            if (segment.End > from && segment.Start < to)
                slice.Add(segment.Part(from, to, shift));
        }

        return [.. slice];
    }

    private void Replace(Dictionary<long, Segment[]> pages, long page, int from, int to, ReadOnlySpan<Segment> with)
    {
        _scratch.Clear();
        if (to - from < PageSizeBytes)
        {
            Segment[] old = OfOrDurable(page);
            foreach (Segment segment in old)
            {
                if (segment.Start < from)
                    _scratch.Add(segment.Part(0, from, 0));
            }

            _scratch.AddRange(with);
            foreach (Segment segment in old)
            {
                if (segment.End > to)
                    _scratch.Add(segment.Part(to, PageSizeBytes, 0));
            }
        }
        else
        {
            _scratch.AddRange(with);
        }

        pages[page] = [.. _scratch];
    }

    private Segment[] OfOrDurable(long page)
    {
        if (Of(page) is { } known)
            return known;
        int length = (int)Math.Min(PageSizeBytes, _durable.LengthBytes - (page * PageSizeBytes));
        var bytes = new byte[PageSizeBytes];
        _durable.Read(page * PageSizeBytes, bytes.AsSpan(0, length));
        return [new Segment(0, PageSizeBytes, -1, 0, bytes, page * PageSizeBytes)];
    }
}
