using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// Changes the size of files and frees what lies past it, in transactions of bounded size.
/// </summary>
/// <remarks>
/// Shrinking.
/// (1) One handle puts the inode on the orphan list, and stores the new size. From its commit on recovery goes on where a cut stops us.
/// (2) Pages past the size go, after the I/O on them has ended.
/// (3) A next handle makes the rest of the last block zero in the page cache, as dirty data that is ordered before that handle's
/// transaction: when the file grows again, what is read there is zero.
/// (4) Blocks are freed from the end on, the handle being restarted as needed; the transaction of the last of them takes the inode off
/// the list, unless it has no name any more.
/// (5) The disk size is stored once more where the first blocks go, under one hold of the mapping lock: nobody raises it in between over
/// blocks that are freed.
/// Growing stores the new size, and nothing else: what is between is a hole, or unwritten.
/// Locks: the caller holds the inode lock exclusively and has waited for direct I/O (except where nobody else can reach the inode). The
/// mapping lock is taken here. A lock of a page is taken inside a handle, never the other way round.
/// </remarks>
public sealed class Truncation
{
    private const int RemovalCredits = 32;

    private readonly VolumeContext _context;
    private readonly OrphanList _orphans;

    internal Truncation(VolumeContext context, OrphanList orphans)
    {
        _context = context;
        _orphans = orphans;
    }

    /// <summary>The largest size of the file, in bytes: what its map reaches.</summary>
    public long LargestSizeBytes(Inode inode) =>
        inode.HasExtents ? _context.Geometry.MaxExtentFileSizeBytes : _context.Geometry.MaxIndirectFileSizeBytes;

    /// <summary>Gives a regular file another size. Blocks past the size are freed even if it stays as it is.</summary>
    /// <param name="inode">The file.</param>
    /// <param name="newSizeBytes">Its new size, in bytes.</param>
    /// <param name="locksMapping">Whether the sizes are stored with the mapping lock held.</param>
    /// <param name="beforeFreeing">What is waited for when the pages past the size are gone, before their blocks are freed.</param>
    /// <exception cref="FileSystemException">EINVAL: negative, or no regular file; EFBIG.</exception>
    public async ValueTask TruncateAsync(
        Inode inode, long newSizeBytes, bool locksMapping = true, Func<Inode, ValueTask>? beforeFreeing = null)
    {
        if (!inode.IsRegular)
            throw new FileSystemException(Errno.EINVAL, $"truncate {inode}", "it is no regular file");
        if (newSizeBytes < 0)
            throw new FileSystemException(Errno.EINVAL, $"truncate {inode}", "the size is negative");
        if (newSizeBytes > LargestSizeBytes(inode))
            throw new FileSystemException(Errno.EFBIG, $"truncate {inode}", $"a file ends at {LargestSizeBytes(inode)}");
        long oldSizeBytes = inode.SizeBytes;
        if (newSizeBytes != oldSizeBytes)
            await SetSizeAsync(inode, newSizeBytes, locksMapping);
        if (newSizeBytes <= oldSizeBytes)
            await ToSizeAsync(inode, beforeFreeing, locksMapping);
    }

    /// <summary>
    /// Frees everything past the in-memory size and makes that the disk size: the second half of shrinking, what recovery does with an
    /// orphan that has a name, and what a write does that could not extend the file. Takes the inode off the orphan list.
    /// </summary>
    public async ValueTask ToSizeAsync(Inode inode, Func<Inode, ValueTask>? beforeFreeing = null, bool locksMapping = true)
    {
        await DropPagesAsync(inode, inode.SizeBytes); // (2)
        if (beforeFreeing is not null)
            await beforeFreeing(inode);
        Handle handle = await _context.Journal.StartAsync(_orphans.CreditsToAdd + inode.Map.CreditsToRemove() + RemovalCredits, "truncate");
        try
        {
            handle.IsSync |= inode.IsSynchronous;
            int blockSizeBytes = _context.Geometry.BlockSizeBytes;
            long blockEnd = (inode.SizeBytes + blockSizeBytes - 1) & -blockSizeBytes;
            await PartialBlocks.ZeroAsync(_context, handle, inode, inode.SizeBytes, blockEnd); // (3)
            _orphans.Add(handle, inode);
            await FreeBlocksAsync(handle, inode, locksMapping); // (4)
            await handle.EnsureCreditsAsync(_orphans.CreditsToRemove + 1);
            if (inode.LinksCount > 0)
                _orphans.Remove(handle, inode);
            inode.ModifyTime = inode.ChangeTime = inode.Now();
            inode.MarkDirty(handle);
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    /// <summary>
    /// The first part of a deletion: everything but the inode itself is freed. The inode is on the orphan list and nobody else has it.
    /// </summary>
    /// <returns>The handle that freed the last block, for the rest of the deletion.</returns>
    internal async ValueTask<Handle> BeginDeletionAsync(Inode inode)
    {
        await DropPagesAsync(inode, 0);
        Handle handle = await _context.Journal.StartAsync(_orphans.CreditsToAdd + RemovalCredits, "delete");
        bool isFreed = false;
        try
        {
            _orphans.Add(handle, inode);
            if (inode.HasMap && inode.AllocatedBytes > 0)
            {
                inode.SizeBytes = 0;
                await FreeBlocksAsync(handle, inode);
            }

            isFreed = true;
        }
        finally
        {
            if (!isFreed)
                await handle.StopAsync();
        }

        return handle;
    }

    private async ValueTask SetSizeAsync(Inode inode, long newSizeBytes, bool locksMapping)
    {
        Handle handle = await _context.Journal.StartAsync(_orphans.CreditsToAdd + Inode.CreditsToStoreSize, "set size");
        try
        {
            handle.IsSync |= inode.IsSynchronous;
            if (newSizeBytes < inode.SizeBytes)
                _orphans.Add(handle, inode); // (1)
            if (locksMapping)
                await inode.MappingLock.LockExclusiveAsync();
            inode.ModifyTime = inode.ChangeTime = inode.Now();
            inode.DiskSizeBytes = newSizeBytes;
            inode.MarkDirty(handle);
            inode.SizeBytes = newSizeBytes;
            if (locksMapping)
                inode.MappingLock.UnlockExclusive();
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    private async ValueTask FreeBlocksAsync(Handle handle, Inode inode, bool locksMapping = true)
    {
        if (!locksMapping)
            StoreSize();
        int blockSizeBytes = _context.Geometry.BlockSizeBytes;
        long firstBlock = Math.Min((inode.SizeBytes + blockSizeBytes - 1) / blockSizeBytes, uint.MaxValue);
        Action? before = locksMapping ? StoreSize : null; // (5)
        await MappingRemoval.RunAsync(inode.Map, handle, inode.MappingLock, (uint)firstBlock, uint.MaxValue, before);
        inode.NoteTransaction(handle, isDataIntegrity: true);

        void StoreSize()
        {
            inode.DiskSizeBytes = inode.SizeBytes;
            inode.MarkDirty(handle);
        }
    }

    private async ValueTask DropPagesAsync(Inode inode, long sizeBytes)
    {
        if (inode.HasPages)
            await inode.Pages.TruncateAsync(sizeBytes);
        Reservations.Settle(_context, inode);
    }
}
