using ExtShell.Engine.Devices;
using ExtShell.Check;

namespace ExtShell.Lab.Scheduling;

/// <summary>The ranges that a log wrote, by 4 KiB pages, in order and without overlaps.</summary>
internal static class WrittenRanges
{
    private const int PageSizeBytes = PagedMemory.PageSizeBytes;

    public static ByteRange[] Of(WriteLog log)
    {
        var pages = new SortedSet<long>();
        foreach (LoggedBio bio in log.Bios)
        {
            for (long page = bio.OffsetBytes / PageSizeBytes; page * PageSizeBytes < bio.OffsetBytes + bio.LengthBytes; page++)
                pages.Add(page);
        }

        return [.. pages.Select(page => new ByteRange(page * PageSizeBytes, PageSizeBytes))];
    }
}
