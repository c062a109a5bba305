using ExtShell.Engine.Allocation;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// Makes a part of one block of a file zero on the device, through the page cache: the edges of truncates, punches and zeroed ranges.
/// </summary>
/// <remarks>
/// (1) A block that is a hole or unwritten reads as zeroes already and is left alone. What is cached of it that is newer than the device
/// was made zero when its page was removed (<see cref="PageCache.RemoveAsync"/>), which the caller does first, before it has the handle:
/// that waits for write-back, and write-back may need a handle.
/// (2) The zeroes are dirty data, ordered before the transaction of the handle: once that commits, a later read of the device shows them.
/// (3) Journalled data is changed where the journal has it, in the transaction of the handle, and in the page if there is one.
/// (4) In the device's memory they are stored; the flush of the commit is their fence.
/// </remarks>
internal static class PartialBlocks
{
    /// <summary>Makes the bytes zero; they lie in one block. The caller holds the inode lock exclusively, and the handle.</summary>
    public static async ValueTask ZeroAsync(VolumeContext context, Handle handle, Inode inode, long fromBytes, long toBytes)
    {
        if (fromBytes >= toBytes)
            return;
        int blockSizeBytes = context.Geometry.BlockSizeBytes;
        BlockMapping mapping = inode.Map.Lookup((uint)(fromBytes / blockSizeBytes), 1);
        if (mapping.State != MappingState.Written)
            return; // (1)
        if (context.JournalsData)
        {
            ZeroInJournal(context, handle, inode, mapping.PhysicalBlock, fromBytes, toBytes); // (3)
            return;
        }

        if (context.DataMemory is { } memory)
        {
            var origin = new Provenance(ProvenanceKind.Zeroes, inode.Number, fromBytes);
            long deviceOffset = (mapping.PhysicalBlock * blockSizeBytes) + (fromBytes % blockSizeBytes);
            memory.StoreNonTemporal(deviceOffset, new byte[toBytes - fromBytes], origin); // (4)
            return;
        }

        Page page = await LockPageAsync(inode, fromBytes / Page.SizeBytes);
        try
        {
            int within = (int)(fromBytes % Page.SizeBytes);
            int lengthBytes = (int)(toBytes - fromBytes);
            if (page.BlocksToFillFor(within, lengthBytes) != 0)
                await FillAsync(context, page, within / blockSizeBytes * blockSizeBytes, mapping.PhysicalBlock);
            page.Bytes.Span.Slice(within, lengthBytes).Clear();
            page.MarkDirty(within, lengthBytes);
            handle.AddOrderedData(inode.OrderedData, fromBytes, lengthBytes); // (2)
        }
        finally
        {
            page.Unlock();
        }
    }

    private static void ZeroInJournal(VolumeContext context, Handle handle, Inode inode, long block, long fromBytes, long toBytes)
    {
        Buffer buffer = context.Buffers.Get(block);
        int lengthBytes = (int)(toBytes - fromBytes);
        handle.GetWriteAccess(buffer).Slice((int)(fromBytes % context.Geometry.BlockSizeBytes), lengthBytes).Clear();
        handle.Dirty(buffer);
        inode.NoteTransaction(handle, isDataIntegrity: true);
        if (inode.Pages.Find(fromBytes / Page.SizeBytes) is { } page)
            page.Bytes.Span.Slice((int)(fromBytes % Page.SizeBytes), lengthBytes).Clear();
    }

    private static async ValueTask<Page> LockPageAsync(Inode inode, long index)
    {
        while (true)
        {
            Page page = inode.Pages.GetOrAdd(index);
            await page.LockAsync();
            if (!page.IsGone)
                return page;
            page.Unlock();
        }
    }

    private static async ValueTask FillAsync(VolumeContext context, Page page, int within, long block)
    {
        int blockSizeBytes = context.Geometry.BlockSizeBytes;
        var bio = new Bio(context.Machine);
        context.Buffers.Device.Submit(bio.SetRead(context.Geometry.BlockOffsetBytes(block), page.Bytes.Slice(within, blockSizeBytes)));
        await bio.WaitAsync();
        bio.ThrowIfFailed("read a block to make a part of it zero");
        page.MarkUptodate(1u << (within / blockSizeBytes));
    }
}
