using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// The data of one file, as a commit wants it on the device before its record: what is dirty in blocks that are written. Blocks that are
/// unwritten show zeroes until they are converted, and holes have none, so neither is in a commit's way.
/// </summary>
/// <remarks>
/// (1) The map is read without its lock: it changes between two waits only.
/// (2) A range in which a page is still on its way to the device is waited for, and then looked at again.
/// (3) At most <see cref="MostBioBytes"/> in one bio.
/// (4) A commit waits for data on its way, never for what follows it.
/// </remarks>
internal sealed class OrderedFileData(Inode inode, IBlockDevice device, Machine machine, int blockSizeBytes) : IOrderedData
{
    private const int MostBioBytes = 1 << 20;

    private sealed class Write(Inode inode, Machine machine) : IBioEnd
    {
        public Bio Bio { get; } = new(machine);

        public long OffsetBytes { get; init; }

        public void EndIo(Bio bio)
        {
            if (bio.Error != Errno.None)
                inode.NoteWriteError(bio.Error);
            inode.Pages.EndWriteback(OffsetBytes, bio.LengthBytes, bio.Error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask SubmitOrderedAsync(long offsetBytes, long lengthBytes)
    {
        if (!inode.HasPages)
            return;
        PageCache pages = inode.Pages;
        long end = lengthBytes > long.MaxValue - offsetBytes ? long.MaxValue : offsetBytes + lengthBytes;
        for (long from = offsetBytes; pages.TryFindDirty(from, end, out DirtyRange range);)
        {
            int wantedBytes = (int)Math.Min(range.LengthBytes, MostBioBytes); // (3)
            BlockMapping mapping = inode.Map.Lookup((uint)(range.OffsetBytes / blockSizeBytes), wantedBytes / blockSizeBytes); // (1)
            long mappedBytes = Math.Min((long)mapping.LengthBlocks * blockSizeBytes, wantedBytes);
            if (mapping.State == MappingState.Written)
            {
                if (IsInWriteback(pages, range.OffsetBytes, mappedBytes))
                {
                    await pages.WaitForWritebackAsync(range.OffsetBytes, mappedBytes); // (2)
                    continue;
                }

                Submit(pages, range.OffsetBytes, (int)mappedBytes, mapping.PhysicalBlock);
            }

            from = range.OffsetBytes + mappedBytes;
        }
    }

    /// <inheritdoc/>
    public async ValueTask WaitForOrderedAsync(long offsetBytes, long lengthBytes)
    {
        if (!inode.HasPages)
            return;
        PageCache pages = inode.Pages;
        long end = lengthBytes > long.MaxValue - offsetBytes ? long.MaxValue : offsetBytes + lengthBytes;
        for (Page? page = pages.FindNext(offsetBytes / Page.SizeBytes); page is not null && page.OffsetBytes < end;)
        {
            if (IsOnItsWay(page))
                await page.WaitForWritebackAsync();
            page = pages.FindNext(page.Index + 1);
        }
    }

    /// <summary>
    /// Whether a block of the page that is written is in write-back. What is unwritten is not waited for: its write-back ends with a
    /// conversion, which may wait for a handle, and that one for this commit. (4)
    /// </summary>
    private bool IsOnItsWay(Page page)
    {
        for (uint left = page.WritebackBlocks; left != 0; left &= left - 1)
        {
            long offset = page.OffsetBytes + ((long)System.Numerics.BitOperations.TrailingZeroCount(left) * blockSizeBytes);
            if (inode.Map.Lookup((uint)(offset / blockSizeBytes), 1).State == MappingState.Written)
                return true;
        }

        return false;
    }

    private static bool IsInWriteback(PageCache pages, long offsetBytes, long lengthBytes)
    {
        for (long index = offsetBytes / Page.SizeBytes; index * Page.SizeBytes < offsetBytes + lengthBytes; index++)
        {
            if (pages.Find(index) is { IsWriteback: true })
                return true;
        }

        return false;
    }

    private void Submit(PageCache pages, long offsetBytes, int lengthBytes, long physicalBlock)
    {
        var bytes = new byte[lengthBytes];
        int call = pages.BeginWriteback(offsetBytes, bytes, inode.SizeBytes);
        var write = new Write(inode, machine) { OffsetBytes = offsetBytes };
        write.Bio.End = write;
        write.Bio.IsDataStable = true;
        var origin = new Provenance(ProvenanceKind.Data, inode.Number, offsetBytes, call);
        device.Submit(write.Bio.SetWrite(physicalBlock * blockSizeBytes, bytes, origin));
    }
}
