using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>fsync and fdatasync, and the sync of O_SYNC and O_DSYNC.</summary>
/// <remarks>
/// (1) Data first: dirty pages are written back, and their conversion journalled, before the transaction is chosen.
/// (2) The transaction is the inode's last (fsync), or the last that changed its size or map (fdatasync). If it is not committed it is
///     committed; that flushes the device, and the flush covers all data that had completed.
/// (3) If the commit sent no flush that covers the data, a flush is sent here: an overwrite dirties no metadata, and is in the device's
/// cache only.
/// (4) Direct writes that are still in flight are not waited for: nothing was promised of them yet.
/// (5) What was acknowledged, or has left write-back, before it was converted is the protocol's to convert here.
/// </remarks>
public sealed class FileSync
{
    private readonly IoContext _io;
    private readonly WriteBack _writeBack;

    internal FileSync(IoContext io, WriteBack writeBack) => (_io, _writeBack) = (io, writeBack);

    /// <summary>fsync or fdatasync of the whole file.</summary>
    /// <exception cref="FileSystemException">EIO: data or journal could not be written.</exception>
    /// <param name="inode">The file.</param>
    /// <param name="isDataOnly">Whether it is an fdatasync.</param>
    /// <param name="errors">What the open file was told of write errors: it is told of the others, once.</param>
    public async ValueTask SyncAsync(Inode inode, bool isDataOnly, WriteErrorCursor errors)
    {
        try
        {
            await _writeBack.WriteFileAsync(inode); // (1)
            await _io.Protocol.SyncingAsync(inode); // (5)
        }
        catch (FileSystemException)
        {
            errors.Advance();
            throw;
        }

        errors.Report();
        await CommitAsync(inode, isDataOnly);
        errors.Report();
    }

    /// <summary>The sync of a buffered write by O_SYNC or O_DSYNC: as fsync, but only the data of its range is written back.</summary>
    /// <exception cref="FileSystemException">As <see cref="SyncAsync"/>.</exception>
    public async ValueTask SyncBufferedAsync(Inode inode, long offsetBytes, long lengthBytes, bool isDataOnly)
    {
        int errorsBefore = inode.WriteErrorsCount;
        await _writeBack.WriteAndRaiseAsync(inode, offsetBytes, lengthBytes); // (1)
        await _io.Protocol.SyncingAsync(inode); // (5)
        if (inode.WriteErrorsCount != errorsBefore)
            throw new FileSystemException(inode.LastWriteError, $"sync of inode {inode.Number}", "data of it could not be made reachable");
        await CommitAsync(inode, isDataOnly);
    }

    /// <summary>The sync of a direct write by O_SYNC or O_DSYNC: sizes are the write's own business.</summary>
    /// <exception cref="FileSystemException">As <see cref="SyncAsync"/>.</exception>
    public async ValueTask SyncDirectAsync(Inode inode, long offsetBytes, long lengthBytes, bool isDataOnly)
    {
        await _writeBack.WriteAndWaitAsync(inode, offsetBytes, lengthBytes); // (1)
        await CommitAsync(inode, isDataOnly);
    }

    private async ValueTask CommitAsync(Inode inode, bool isDataOnly)
    {
        TransactionId transaction = isDataOnly ? inode.DataSyncTransaction : inode.SyncTransaction;
        bool isFlushed = _io.Journal.WillSendBarrier(transaction);
        await _io.Journal.CommitAsync(transaction); // (2)
        if (!isFlushed)
            await FlushDeviceAsync(); // (3)
    }

    /// <summary>Makes durable what has completed, if the device has a volatile cache and barriers are wanted.</summary>
    public async ValueTask FlushDeviceAsync()
    {
        if (!_io.SendsBarriers)
            return;
        Bio flush = _io.TakeBio();
        flush.SetFlush();
        _io.Device.Submit(flush);
        await flush.WaitAsync();
        flush.ThrowIfFailed("flush");
        _io.GiveBio(flush);
    }
}
