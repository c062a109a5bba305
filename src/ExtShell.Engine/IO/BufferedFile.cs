using ExtShell.Engine.Caching;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO.Steps;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>Reading and writing through the page cache.</summary>
/// <remarks>
/// (1) A writer holds the inode lock exclusively; readers hold none, and read page by page: what they see of a concurrent write is whole
/// pages of it.
/// (2) A write allocates nothing. For each block that is neither allocated nor reserved it reserves one, page by page before the page is
/// changed (<see cref="PageReservation"/>).
/// (3) The in-memory size is raised page by page, with no wait between it and the bytes. It comes first, as raising it clears what
/// mappings have stored past the end. The disk size follows in write-back.
/// (4) A write that cannot go on returns what it has written; it fails only if that is nothing.
/// (5) With data=journal what was written is in the journal's hands when the write returns: nothing is delayed.
/// (6) A protocol that raises the in-memory size when direct writes have ended is asked before the end is looked up.
/// </remarks>
public sealed class BufferedFile
{
    private readonly IoContext _io;
    private readonly PageFill _fill;
    private readonly WriteBack _writeBack;
    private readonly FileSync _fileSync;

    internal BufferedFile(IoContext io, PageFill fill, WriteBack writeBack, FileSync fileSync) =>
        (_io, _fill, _writeBack, _fileSync) = (io, fill, writeBack, fileSync);

    /// <summary>Reads; short at the end of the file.</summary>
    /// <returns>How many bytes were read.</returns>
    public async ValueTask<int> ReadAsync(Inode inode, long offsetBytes, Memory<byte> into)
    {
        if (offsetBytes < 0)
            throw new FileSystemException(Errno.EINVAL, $"read of inode {inode.Number}", "the offset is negative");
        int done = 0;
        while (done < into.Length && offsetBytes + done < inode.SizeBytes)
        {
            long position = offsetBytes + done;
            int within = (int)(position % Page.SizeBytes);
            int wanted = Math.Min(into.Length - done, Page.SizeBytes - within);
            Page page = await _fill.ForReadAsync(inode, position / Page.SizeBytes, within, wanted);
            int part = (int)Math.Clamp(inode.SizeBytes - position, 0, wanted);
            page.Bytes.Span.Slice(within, part).CopyTo(into.Span[done..]);
            done += part;
            if (part < wanted)
                break;
        }

        return done;
    }

    /// <summary>Writes.</summary>
    /// <returns>How many bytes were written: fewer than asked only if the volume became full, or a page could not be read.</returns>
    /// <exception cref="FileSystemException">Nothing was written; or what was written could not be synced.</exception>
    public async ValueTask<long> WriteAsync(
        Inode inode, long offsetBytes, ReadOnlyMemory<byte> bytes, SyncKind sync, int call, bool isAppend = false,
        Caller caller = default)
    {
        long written;
        await inode.Lock.LockExclusiveAsync(); // (1)
        try
        {
            if (isAppend || offsetBytes > inode.SizeBytes)
                await _io.Protocol.AppendingAsync(inode); // (6)
            if (isAppend)
            {
                offsetBytes = inode.SizeBytes; // (1)
                bytes = bytes[..RequestChecks.Room(_io, inode, offsetBytes, bytes.Length)];
                _io.Placed?.Invoke(call, offsetBytes);
            }

            written = await WriteLockedAsync(inode, offsetBytes, bytes, call, caller);
        }
        finally
        {
            inode.Lock.UnlockExclusive();
        }

        if (sync != SyncKind.None && written > 0)
            await _fileSync.SyncBufferedAsync(inode, offsetBytes, written, isDataOnly: sync == SyncKind.DataSync);
        return written;
    }

    /// <summary>As <see cref="WriteAsync"/>, with the inode lock held exclusively by the caller, and no sync.</summary>
    /// <returns>As <see cref="WriteAsync"/>.</returns>
    /// <exception cref="FileSystemException">Nothing was written.</exception>
    public async ValueTask<long> WriteLockedAsync(
        Inode inode, long offsetBytes, ReadOnlyMemory<byte> bytes, int call, Caller caller = default)
    {
        RequestChecks.Write(_io, inode, offsetBytes, bytes.Length);
        if (bytes.Length > 0)
            await Privileges.UpdateAsync(_io, inode, caller);
        long written = await CopyAsync(inode, offsetBytes, bytes, call);
        if (_io.Volume.JournalsData)
            await _writeBack.WriteAsync(inode, offsetBytes, written); // (5)
        return written;
    }

    private async ValueTask<long> CopyAsync(Inode inode, long offsetBytes, ReadOnlyMemory<byte> bytes, int call)
    {
        int done = 0;
        try
        {
            while (done < bytes.Length)
            {
                long position = offsetBytes + done;
                int within = (int)(position % Page.SizeBytes);
                int part = Math.Min(bytes.Length - done, Page.SizeBytes - within);
                await ReadyAsync(inode, position / Page.SizeBytes, within, part);
                inode.SizeBytes = Math.Max(inode.SizeBytes, position + part); // (3)
                inode.Pages.Write(position, bytes.Span.Slice(done, part), call);
                done += part;
            }
        }
        catch (FileSystemException) when (done > 0)
        {
            return done; // (4)
        }

        return done;
    }

    /// <summary>
    /// Brings a page to where the range can be written: what is written only in part is up to date, what is a hole is reserved (2).
    /// </summary>
    private async ValueTask ReadyAsync(Inode inode, long index, int within, int part)
    {
        while (true)
        {
            Page page = await _fill.ForWriteAsync(inode, index, within, part);
            await PageReservation.ReserveAsync(_io, inode, page, within, part);
            if (!page.IsGone && page.BlocksToFillFor(within, part) == 0)
                return;
            Reservations.Settle(_io.Volume, inode); // memory was short while the reservation waited for space
        }
    }
}
