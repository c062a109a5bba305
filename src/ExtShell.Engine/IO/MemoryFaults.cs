using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>Faults of mappings of files in the device's memory: the block itself is mapped.</summary>
/// <remarks>
/// (1) A load from a hole, or from an unwritten block, maps a zero page that is held in the page cache.
/// (2) A store there allocates. The block is zero before it is mapped: an unwritten one is made zero, then converted; one of a file without
/// extents is made zero under the handle that allocates it.
/// (3) Who allocates removes and releases any cached page of the range, whatever is in it.
/// (4) Who allocates holds the invalidation lock exclusively, faults and writes alike: neither makes zero what the other has filled.
/// (5) Stores dirty lines that only a sync of the file flushes; so a page is opened for them by a fault, and closed by the flush.
/// </remarks>
internal sealed class MemoryFaults(IoContext io, PersistentMemory memory)
{
    /// <summary>What a load finds.</summary>
    /// <exception cref="FileSystemException">EFAULT: the page lies past the end of the file.</exception>
    public async ValueTask<MappedPlace> ForLoadAsync(Inode inode, MappedPages mapped, long index)
    {
        await inode.InvalidationLock.LockSharedAsync();
        try
        {
            MappedFile.RequireInside(inode, index);
            return TryMap(inode, mapped, index, isStore: false) ?? mapped.Set(ZeroPage(inode, index)); // (1)
        }
        finally
        {
            inode.InvalidationLock.UnlockShared();
        }
    }

    /// <summary>What a store finds.</summary>
    /// <exception cref="FileSystemException">EFAULT: the page lies past the end of the file; ENOSPC.</exception>
    public async ValueTask<MappedPlace> ForStoreAsync(Inode inode, MappedPages mapped, long index)
    {
        await Timestamps.UpdateAsync(io, inode);
        await inode.InvalidationLock.LockSharedAsync();
        try
        {
            MappedFile.RequireInside(inode, index);
            if (TryMap(inode, mapped, index, isStore: true) is { } known)
                return known;
        }
        finally
        {
            inode.InvalidationLock.UnlockShared();
        }

        await inode.InvalidationLock.LockExclusiveAsync(); // (4)
        try
        {
            MappedFile.RequireInside(inode, index);
            await AllocateAsync(inode, (uint)index);
            await inode.Pages.RemoveAsync(index * Page.SizeBytes, Page.SizeBytes); // (3)
            Reservations.Settle(io.Volume, inode);
            return TryMap(inode, mapped, index, isStore: true) ?? throw new InvariantException("a block that was allocated is mapped");
        }
        finally
        {
            inode.InvalidationLock.UnlockExclusive();
        }
    }

    private MappedPlace? TryMap(Inode inode, MappedPages mapped, long index, bool isStore)
    {
        BlockMapping block = inode.Map.Lookup((uint)index, 1);
        if (block.State != MappingState.Written)
            return null;
        MemoryPages pages = inode.Pages.MappedMemory ??= new MemoryPages(memory);
        MemoryPage page = pages.Add(index, block.PhysicalBlock << io.BlockSizeBits);
        if (isStore)
            MemoryPages.Open(page); // (5)
        return mapped.Set(page);
    }

    private static Page ZeroPage(Inode inode, long index)
    {
        Page page = inode.Pages.GetOrAdd(index);
        if (!page.IsUptodate)
        {
            page.Bytes.Span.Clear();
            page.MarkUptodate(inode.Pages.AllBlocks);
        }

        return page;
    }

    private async ValueTask AllocateAsync(Inode inode, uint block) // (2)
    {
        if (!inode.HasExtents)
        {
            await ZeroedAllocation.MapAsync(io, inode, block, 1, call: -1);
            return;
        }

        WriteMapping mapping = await BlockAllocation.MapAsync(io, inode, block, 1, MappingState.Unwritten);
        if (mapping.Blocks.State == MappingState.Written)
            return;
        long offset = (long)block << io.BlockSizeBits;
        var origin = new Provenance(ProvenanceKind.Zeroes, inode.Number, offset);
        memory.StoreNonTemporal(mapping.Blocks.PhysicalBlock << io.BlockSizeBits, new byte[io.BlockSizeBytes], origin);
        await UnwrittenConversion.ConvertAsync(io, inode, offset, io.BlockSizeBytes);
    }
}
