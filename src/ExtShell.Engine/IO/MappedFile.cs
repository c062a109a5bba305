using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>
/// Loads, stores and syncs of memory that a file is mapped into, over the page cache or the device's memory (<see cref="MemoryFaults"/>);
/// shared mappings (MAP_SHARED).
/// </summary>
/// <remarks>
/// (1) What a mapping has in reach is loaded and stored without a lock, page by page. Anything else faults.
/// (2) A fault holds the invalidation lock shared: who drops pages and frees their blocks holds it exclusively.
/// (3) A page that lies wholly past the end of the file is out of reach: SIGBUS, which is EFAULT here. Bytes past the end in the file's
/// last page can be loaded and stored; they are no bytes of the file, and become zero when the page is written back or the file grows.
/// (4) A first store into a page faults too: times are updated, all of its blocks inside the file are reserved where they are holes, and
/// made dirty. Where nothing can be reserved the store fails: SIGBUS, which is ENOSPC here; what could not be read is EIO.
/// (5) Write-back closes a page for stores; the next one faults again. So no store is lost, and none is seen by write-back in half.
/// (6) Between the end of a fault and the access that it is for nothing waits.
/// (7) msync with MS_SYNC is an fdatasync of the range.
/// </remarks>
public sealed class MappedFile
{
    private readonly IoContext _io;
    private readonly PageFill _fill;
    private readonly FileSync _fileSync;
    private readonly MemoryFaults? _memoryFaults;

    internal MappedFile(IoContext io, PageFill fill, FileSync fileSync)
    {
        (_io, _fill, _fileSync) = (io, fill, fileSync);
        _memoryFaults = io.Memory is { } memory ? new MemoryFaults(io, memory) : null;
    }

    /// <summary>Loads.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="mapped">What the mapping has in reach.</param>
    /// <param name="offsetBytes">Where in the file.</param>
    /// <param name="into">Takes all that is loaded.</param>
    /// <returns>How many of the bytes lie inside the file.</returns>
    /// <exception cref="FileSystemException">EFAULT: a page lies past the end of the file; EIO.</exception>
    public async ValueTask<int> ReadAsync(Inode inode, MappedPages mapped, long offsetBytes, Memory<byte> into)
    {
        int inside = 0;
        for (int done = 0; done < into.Length;)
        {
            (long index, int within, int part) = Split(offsetBytes + done, into.Length - done);
            await _io.Machine.Yield("load from a mapping");
            _ = inode.Pages; // who finds a page in reach asks nobody, and yet looks at the file's pages
            if (!mapped.TryFindForLoad(index, within, part, out MappedPlace place))
                place = await FaultAsync(inode, mapped, index, isStore: false);
            Load(inode, place, within, into.Slice(done, part)); // (6)
            if (inside == done)
                inside += InsideFile(inode, offsetBytes + done, part);
            done += part;
        }

        return inside;
    }

    /// <summary>Stores.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="mapped">What the mapping has in reach.</param>
    /// <param name="offsetBytes">Where in the file.</param>
    /// <param name="bytes">What is stored.</param>
    /// <param name="call">The call that stores, for the provenance of the bytes.</param>
    /// <returns>How many of the bytes lie inside the file.</returns>
    /// <exception cref="FileSystemException">
    /// EFAULT: a page lies past the end of the file; ENOSPC; EIO. What lay before that page was stored.
    /// </exception>
    public async ValueTask<long> WriteAsync(Inode inode, MappedPages mapped, long offsetBytes, ReadOnlyMemory<byte> bytes, int call)
    {
        int inside = 0;
        for (int done = 0; done < bytes.Length;)
        {
            (long index, int within, int part) = Split(offsetBytes + done, bytes.Length - done);
            await _io.Machine.Yield("store into a mapping");
            _ = inode.Pages;
            if (!mapped.TryFindForStore(index, out MappedPlace place))
                place = await FaultAsync(inode, mapped, index, isStore: true);
            var origin = new Provenance(ProvenanceKind.Data, inode.Number, offsetBytes + done, call);
            Store(inode, place, within, bytes.Slice(done, part), origin); // (6)
            if (inside == done)
                inside += InsideFile(inode, offsetBytes + done, part);
            done += part;
        }

        return inside;
    }

    /// <summary>msync with MS_SYNC. (7)</summary>
    /// <exception cref="FileSystemException">EIO, ENOSPC: some of it did not reach the device.</exception>
    public ValueTask SyncAsync(Inode inode, long offsetBytes, long lengthBytes) =>
        _fileSync.SyncBufferedAsync(inode, offsetBytes, lengthBytes, isDataOnly: true);

    private static (long Index, int Within, int Part) Split(long offsetBytes, int lengthBytes)
    {
        int within = (int)(offsetBytes % Page.SizeBytes);
        return (offsetBytes / Page.SizeBytes, within, Math.Min(lengthBytes, Page.SizeBytes - within));
    }

    private static int InsideFile(Inode inode, long offsetBytes, int lengthBytes) =>
        (int)Math.Clamp(inode.SizeBytes - offsetBytes, 0, lengthBytes);

    private void Load(Inode inode, in MappedPlace place, int within, Memory<byte> into)
    {
        _ = inode.Pages; // a fault may have waited since
        if (place.Memory is { } memory)
            _io.Memory!.Load(memory.DeviceOffsetBytes + within, into.Span);
        else
            place.Cached!.Bytes.Slice(within, into.Length).CopyTo(into);
    }

    private void Store(Inode inode, in MappedPlace place, int within, ReadOnlyMemory<byte> bytes, in Provenance origin)
    {
        _ = inode.Pages;
        if (place.Memory is { } memory)
        {
            _io.Memory!.Store(memory.DeviceOffsetBytes + within, bytes.Span, origin);
            return;
        }

        bytes.CopyTo(place.Cached!.Bytes[within..]);
        place.Cached.Call = origin.Call;
    }

    private async ValueTask<MappedPlace> FaultAsync(Inode inode, MappedPages mapped, long index, bool isStore)
    {
        if (_memoryFaults is not null)
            return isStore
                ? await _memoryFaults.ForStoreAsync(inode, mapped, index)
                : await _memoryFaults.ForLoadAsync(inode, mapped, index);
        if (isStore)
            await Timestamps.UpdateAsync(_io, inode); // (4)
        await inode.InvalidationLock.LockSharedAsync(); // (2)
        try
        {
            while (true)
            {
                RequireInside(inode, index);
                Page page = await _fill.ForReadAsync(inode, index, 0, Page.SizeBytes);
                if (isStore && !await TryMakeDirtyAsync(inode, page))
                    continue;
                return mapped.Set(page);
            }
        }
        finally
        {
            inode.InvalidationLock.UnlockShared();
        }
    }

    /// <summary>Reserves and dirties the blocks of a page for stores to come; false if the page has changed under it.</summary>
    private async ValueTask<bool> TryMakeDirtyAsync(Inode inode, Page page) // (4)
    {
        int inside = InsideFile(inode, page.OffsetBytes, Page.SizeBytes);
        await PageReservation.ReserveAsync(_io, inode, page, 0, inside);
        if (page.IsGone || !page.IsUptodate || inside == 0 || inside != InsideFile(inode, page.OffsetBytes, Page.SizeBytes))
        {
            Reservations.Settle(_io.Volume, inode);
            return false;
        }

        page.MarkDirty(0, inside);
        page.OpenForStores();
        return true;
    }

    /// <summary>Throws if the page lies past the end of the file. (3)</summary>
    internal static void RequireInside(Inode inode, long index)
    {
        if (index * Page.SizeBytes >= inode.SizeBytes)
            throw new FileSystemException(Errno.EFAULT, $"access to a mapping of inode {inode.Number} at {index * Page.SizeBytes}",
                "the page lies past the end of the file (SIGBUS)");
    }
}
