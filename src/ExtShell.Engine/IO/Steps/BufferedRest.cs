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
/// (5) A write that must not wait (NOWAIT) does not go through the page cache: EOPNOTSUPP, which is told if nothing was written.
/// </remarks>
internal static class BufferedRest
{
    /// <summary>Writes the rest, and sets the write's count, or its error.</summary>
    /// <param name="parts">The volume's.</param>
    /// <param name="write">The write.</param>
    /// <param name="losesCount">The defect: an error fails the write whatever was written before.</param>
    public static async ValueTask WriteAsync(ProtocolParts parts, DirectWrite write, bool losesCount = false)
    {
        long offset = write.OffsetBytes + write.TransferredBytes;
        ReadOnlyMemory<byte> rest = write.Bytes[write.TransferredBytes..];
        try
        {
            if (write.IsNoWait)
                throw new FileSystemException(Errno.EOPNOTSUPP, $"write of inode {write.Inode.Number}", "buffered writes may wait"); // (5)
            long written = write.Lock == InodeLockHold.Exclusive // (1)
                ? await parts.Buffered.WriteLockedAsync(write.Inode, offset, rest, write.Call, write.Caller)
                : await parts.Buffered.WriteAsync(write.Inode, offset, rest, SyncKind.None, write.Call, caller: write.Caller);
            await parts.Coherence.WriteBackAndDropAsync(write.Inode, offset, written); // (2)
            write.WrittenBytes = write.TransferredBytes + written;
        }
        catch (FileSystemException failed)
        {
            if (write.TransferredBytes == 0 || losesCount)
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
