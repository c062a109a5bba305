using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// Writes what a direct write left over through the page cache, brings it to the device and drops it from the cache, so that callers of
/// direct I/O find it where they expect it: on the device.
/// </summary>
/// <remarks>
/// (1) The inode lock is taken here, or held exclusively by the caller: the protocol's history decides.
/// (2) What cannot be brought to the device does not count: the caller is told of the direct part alone.
/// (3) An error fails the write only if nothing was written; else the short count tells.
/// (4) The sync of O_SYNC and O_DSYNC comes last, and covers both parts.
/// </remarks>
internal static class BufferedRest
{
    /// <summary>Writes the rest, and sets the write's count, or its error.</summary>
    public static async ValueTask WriteAsync(ProtocolParts parts, DirectWrite write)
    {
        long offset = write.OffsetBytes + write.TransferredBytes;
        ReadOnlyMemory<byte> rest = write.Bytes[write.TransferredBytes..];
        try
        {
            long written = write.Lock == InodeLockHold.Exclusive // (1)
                ? await parts.Buffered.WriteLockedAsync(write.Inode, offset, rest, write.Call)
                : await parts.Buffered.WriteAsync(write.Inode, offset, rest, SyncKind.None, write.Call);
            await parts.Coherence.WriteBackAndDropAsync(write.Inode, offset, written); // (2)
            write.WrittenBytes = write.TransferredBytes + written;
        }
        catch (FileSystemException failed)
        {
            if (write.TransferredBytes == 0)
                write.Fail(failed.Errno); // (3)
        }

        if (write.Sync != SyncKind.None && write.Error == Errno.None)
            await SyncAsync(parts, write);
    }

    private static async ValueTask SyncAsync(ProtocolParts parts, DirectWrite write)
    {
        try
        {
            await parts.FileSync.SyncBufferedAsync(write.Inode, write.OffsetBytes, write.WrittenBytes,
                isDataOnly: write.Sync == SyncKind.DataSync); // (4)
        }
        catch (FileSystemException failed)
        {
            write.Fail(failed.Errno);
        }
    }
}
