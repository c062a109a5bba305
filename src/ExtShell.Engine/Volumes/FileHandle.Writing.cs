using ExtShell.Engine.IO;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes;

public sealed partial class FileHandle
{
    /// <summary><see cref="WriteDirect"/> for a simulated thread.</summary>
    public ValueTask<long> WriteDirectAsync(
        long offsetBytes, ReadOnlyMemory<byte> bytes, SyncKind sync = SyncKind.None, bool noWait = false) =>
        RunWriteAsync(WriteCall(OperationKind.WriteDirect, offsetBytes, bytes, sync, noWait), static (file, call, number) =>
            file.Volume.Io.AllowsDirect(file._inode)
                ? file.Volume.Engine.WriteAsync(file.Request(call, number))
                : file.WriteCachedAsync(call, number));

    /// <summary><see cref="WriteBuffered"/> for a simulated thread.</summary>
    public ValueTask<long> WriteBufferedAsync(
        long offsetBytes, ReadOnlyMemory<byte> bytes, SyncKind sync = SyncKind.None, bool noWait = false) =>
        RunWriteAsync(WriteCall(OperationKind.WriteBuffered, offsetBytes, bytes, sync, noWait), static (file, call, number) =>
            file.Volume.Io.Memory is null
                ? file.WriteCachedAsync(call, number)
                : file.Volume.Engine.WriteAsync(file.Request(call, number))); // there is no page cache to write to

    /// <summary><see cref="StartDirect"/> for a simulated thread.</summary>
    public async ValueTask<DirectIo> StartDirectAsync(
        long offsetBytes, ReadOnlyMemory<byte> bytes, SyncKind sync = SyncKind.None, bool noWait = false)
    {
        OperationCall write = WriteCall(OperationKind.StartDirect, offsetBytes, bytes, sync, noWait);
        int call = Volume.BeginCall(write);
        try
        {
            RequireOpen(); // unlike pwrite, io_submit looks at the handle first
            if (noWait && _inode.IsDirectory)
                throw new FileSystemException(Errno.EOPNOTSUPP, Path, "a directory knows no NOWAIT");
            RequireOpenForWriting();
            RequireOffset(offsetBytes);
            EnterForWriting();
        }
        catch (FileSystemException failed)
        {
            Volume.FailCall(call, failed);
            throw;
        }

        var io = new DirectIo(this, call, offsetBytes, bytes.Length);
        if (bytes.Length == 0)
            io.Acknowledge(0, Errno.None);
        else
            await StartAsync(write, call, io);
        Volume.ReturnStarted(call);
        return io;
    }

    private ValueTask<long> WriteCachedAsync(OperationCall call, int number)
    {
        if (call.IsNoWait)
            throw new FileSystemException(Errno.EOPNOTSUPP, Path, "a buffered write cannot promise not to wait");
        DirectRequest write = Request(call, number);
        return Volume.Files.Buffered.WriteAsync(write.Inode, write.OffsetBytes, write.Bytes, write.Sync, number, write.IsAppend, Caller);
    }

    /// <summary>
    /// Starts an asynchronous write; of a file that cannot be written directly it is done before the call returns, as on Linux.
    /// </summary>
    private async ValueTask StartAsync(OperationCall write, int call, DirectIo io)
    {
        long written = 0;
        Errno error = Errno.None;
        DirectRequest? direct = null;
        try
        {
            if (Volume.Io.AllowsDirect(_inode))
                direct = Request(write, call);
            else
                written = await WriteCachedAsync(write, call);
        }
        catch (FileSystemException failed)
        {
            error = failed.Errno;
        }
        catch (CorruptionException)
        {
            error = Errno.EUCLEAN;
        }

        if (direct is { } request)
            await Volume.Engine.StartAsync(request, io);
        else
            io.Acknowledge(written, error);
    }

    private ValueTask<long> RunWriteAsync(OperationCall write, Func<FileHandle, OperationCall, int, ValueTask<long>> body) =>
        RunAsync(write, isChange: true, (file, call, number) => call.Bytes.Length == 0 ? new ValueTask<long>(0) : body(file, call, number));

    private OperationCall WriteCall(OperationKind kind, long offsetBytes, ReadOnlyMemory<byte> bytes, SyncKind sync, bool noWait) =>
        Call(kind) with
        {
            OffsetBytes = offsetBytes, Bytes = bytes, LengthBytes = bytes.Length, Sync = Stronger(sync), IsNoWait = noWait,
            IsAppend = (Options & OpenOptions.Append) != 0,
        };

    /// <summary>The write as the floors below want it: cut off where the largest file ends.</summary>
    /// <exception cref="FileSystemException">EFBIG: it begins there.</exception>
    private DirectRequest Request(in OperationCall write, int call)
    {
        ReadOnlyMemory<byte> bytes = write.Bytes;
        long room = Volume.Inodes.Truncation.LargestSizeBytes(_inode) - write.OffsetBytes;
        if (!write.IsAppend && room <= 0 && (_inode.Flags & InodeFlags.Immutable) == 0) // else that is told, below
            throw new FileSystemException(Errno.EFBIG, Path, "the write begins where files end");
        if (!write.IsAppend && bytes.Length > room)
            bytes = bytes[..(int)Math.Max(0, room)];
        return new DirectRequest(_inode, write.OffsetBytes, bytes, write.Sync, call, write.IsAppend, write.IsNoWait, Caller);
    }

    /// <summary>What Linux looks at before it looks at the handle.</summary>
    private void RequireOffset(long offsetBytes)
    {
        if (offsetBytes < 0)
            throw new FileSystemException(Errno.EINVAL, Path, "the offset is negative");
    }
}
