using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Mapping;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Volumes;

public sealed partial class FileHandle : IWorkItem
{
    private readonly Inode _inode;
    private readonly WriteErrorCursor _errors;
    private int _users = 1;

    internal FileHandle(Volume volume, Inode inode, int number, string path, OpenOptions options, Caller caller)
    {
        (Volume, _inode, Number, Path, Options, Caller, IsOpen) = (volume, inode, number, path, options, caller, true);
        _errors = new WriteErrorCursor(inode);
    }

    /// <summary>The inode's number.</summary>
    public uint Inode => _inode.Number;

    /// <summary><see cref="WaitDirect"/> for a simulated thread.</summary>
    public async ValueTask<long> WaitDirectAsync(DirectIo io)
    {
        int call = Volume.BeginCall(Call(OperationKind.WaitDirect) with { StartedCall = io.Call });
        await io.WaitAsync();
        if (io.Error != Errno.None)
        {
            var failed = new FileSystemException(io.Error, $"direct write of inode {_inode.Number} at {io.OffsetBytes}",
                "the write failed");
            Volume.FailCall(call, failed);
            throw failed;
        }

        Volume.EndCall(call, io.Result);
        return io.Result;
    }

    /// <summary><see cref="ReadDirect(long, int)"/> for a simulated thread.</summary>
    /// <returns>How many bytes were read.</returns>
    public ValueTask<int> ReadDirectAsync(long offsetBytes, Memory<byte> into) => ReadAsync(OperationKind.ReadDirect, offsetBytes, into);

    /// <summary><see cref="ReadBuffered(long, int)"/> for a simulated thread.</summary>
    /// <returns>How many bytes were read.</returns>
    public ValueTask<int> ReadBufferedAsync(long offsetBytes, Memory<byte> into) =>
        ReadAsync(OperationKind.ReadBuffered, offsetBytes, into);

    /// <summary><see cref="Fallocate"/> for a simulated thread.</summary>
    public async ValueTask FallocateAsync(
        long offsetBytes, long lengthBytes, FallocateMode mode = FallocateMode.Allocate, bool keepSize = false)
    {
        OperationCall call = Call(OperationKind.Fallocate) with { OffsetBytes = offsetBytes, LengthBytes = lengthBytes,
            FallocateMode = mode, KeepSize = keepSize, Sync = Stronger(SyncKind.None) };
        await RunAsync(call, isChange: true, static async (file, call, _) =>
        {
            await file.Volume.Files.Fallocation.RunAsync(
                file._inode, call.OffsetBytes, call.LengthBytes, call.FallocateMode, call.KeepSize, file.Caller);
            if (call.Sync != SyncKind.None)
                await file.Volume.Files.FileSync.SyncAsync(file._inode, call.Sync == SyncKind.DataSync, file._errors);
            return 0;
        });
    }

    /// <summary><see cref="Truncate"/> for a simulated thread.</summary>
    public async ValueTask TruncateAsync(long sizeBytes) =>
        await RunAsync(Call(OperationKind.Truncate) with { LengthBytes = sizeBytes }, isChange: false, static async (file, call, _) =>
        {
            if (call.LengthBytes < 0 || (file.Options & OpenOptions.ReadOnly) != 0)
                throw new FileSystemException(Errno.EINVAL, file.Path, "the size is negative, or the handle was opened read-only");
            file.Volume.RequireWritable(file.Path);
            await file.Volume.Files.SizeChange.SetSizeAsync(file._inode, call.LengthBytes, file.Caller);
            return 0;
        });

    /// <summary><see cref="Sync"/> for a simulated thread.</summary>
    public async ValueTask SyncAsync(bool dataOnly = false) =>
        await RunAsync(Call(OperationKind.SyncFile) with { DataOnly = dataOnly }, isChange: false, static async (file, call, _) =>
        {
            if (file.Volume.ReadOnlyReason is null)
                await file.Volume.Files.FileSync.SyncAsync(file._inode, call.DataOnly, file._errors);
            return 0;
        });

    /// <summary><see cref="GetExtents"/> for a simulated thread.</summary>
    public ValueTask<IReadOnlyList<BlockMapping>> GetExtentsAsync()
    {
        RequireOpen();
        return new ValueTask<IReadOnlyList<BlockMapping>>([.. _inode.Map.Enumerate()]);
    }

    /// <summary><see cref="Stat"/> for a simulated thread.</summary>
    public ValueTask<InodeStatus> StatAsync()
    {
        RequireOpen();
        return new ValueTask<InodeStatus>(Volume.StatusOf(_inode));
    }

    /// <summary><see cref="Close"/> for a simulated thread.</summary>
    public async ValueTask CloseAsync()
    {
        int call = Volume.BeginCall(Call(OperationKind.Close));
        try
        {
            RequireOpen();
            await CloseQuietlyAsync();
            Volume.EndCall(call, 0);
        }
        catch (Exception failed) when (failed is FileSystemException or CorruptionException)
        {
            Volume.FailCall(call, failed);
            throw;
        }
    }

    /// <inheritdoc/>
    ValueTask IWorkItem.RunAsync() => ReleaseAsync();

    /// <summary>Closes without a call of its own: at unmount.</summary>
    internal ValueTask CloseQuietlyAsync()
    {
        IsOpen = false;
        Volume.Forget(this);
        return LeaveAsync();
    }

    /// <summary>An asynchronous write of the handle is acknowledged; interrupt or worker context.</summary>
    internal void Acknowledged(DirectIo io)
    {
        Volume.Machine.Touch(SharedState.History, AccessKind.Mark);
        Volume.Observer?.OnAcknowledged(io.Call, io.Result, io.Error);
        TouchUsers();
        if (--_users == 0)
            Volume.Io.DirectCompletions.Enqueue(this);
    }

    private async ValueTask<int> ReadAsync(OperationKind kind, long offsetBytes, Memory<byte> into)
    {
        int call = Volume.BeginCall(Call(kind) with { OffsetBytes = offsetBytes, LengthBytes = into.Length, Bytes = into });
        Volume.Enter();
        bool isUser = false;
        try
        {
            RequireOffset(offsetBytes);
            isUser = Enter();
            if (_inode.IsDirectory)
                throw new FileSystemException(Errno.EISDIR, Path, "a directory is read name by name");
            bool isDirect = Volume.Io.Memory is not null || (kind == OperationKind.ReadDirect && Volume.Io.AllowsDirect(_inode));
            int read = isDirect
                ? await Volume.Files.DirectReads.ReadAsync(_inode, offsetBytes, into)
                : await Volume.Files.Buffered.ReadAsync(_inode, offsetBytes, into);
            Volume.EndCall(call, read);
            return read;
        }
        catch (Exception failed) when (failed is FileSystemException or CorruptionException)
        {
            Volume.FailCall(call, failed);
            throw;
        }
        finally
        {
            if (isUser)
                await LeaveAsync();
            Volume.Leave();
        }
    }

    private async ValueTask<long> RunAsync(OperationCall call, bool isChange, Func<FileHandle, OperationCall, int, ValueTask<long>> body)
    {
        int number = Volume.BeginCall(call);
        Volume.Enter();
        bool isUser = false;
        try
        {
            if (call.Kind is OperationKind.WriteDirect or OperationKind.WriteBuffered or OperationKind.Fallocate)
                RequireOffset(call.OffsetBytes);
            if (call.Kind == OperationKind.Fallocate && call.LengthBytes <= 0)
                throw new FileSystemException(Errno.EINVAL, Path, "the length is not positive");
            isUser = isChange ? EnterForWriting() : Enter();
            long result = await body(this, call, number);
            Volume.EndCall(number, result);
            return result;
        }
        catch (Exception failed) when (failed is FileSystemException or CorruptionException)
        {
            Volume.FailCall(number, failed);
            throw;
        }
        finally
        {
            if (isUser)
                await LeaveAsync();
            Volume.Leave();
        }
    }

    private OperationCall Call(OperationKind kind) => new() { Kind = kind, Handle = Number, Inode = _inode.Number, Path = Path };

    private SyncKind Stronger(SyncKind sync)
    {
        _inode.Touch(InodePart.Record, AccessKind.Read);
        SyncKind opened = (Options & OpenOptions.Sync) != 0 ? SyncKind.Sync : (Options & OpenOptions.DataSync) != 0 ? SyncKind.DataSync
            : _inode.IsSynchronous ? SyncKind.DataSync : SyncKind.None;
        return opened > sync ? opened : sync;
    }

    private void RequireOpen()
    {
        if (!IsOpen)
            throw new FileSystemException(Errno.EBADF, Path, "the handle is closed");
        Volume.RequireMounted(Path);
    }

    /// <summary>Keeps the inode over a call, however the handle is closed meanwhile.</summary>
    private bool Enter()
    {
        RequireOpen();
        TouchUsers();
        _users++;
        return true;
    }

    private void RequireOpenForWriting()
    {
        RequireOpen();
        if ((Options & OpenOptions.ReadOnly) != 0)
            throw new FileSystemException(Errno.EBADF, Path, "the handle was opened read-only");
    }

    private bool EnterForWriting()
    {
        RequireOpenForWriting();
        Volume.RequireWritable(Path);
        TouchUsers();
        _users++;
        return true;
    }

    private ValueTask LeaveAsync()
    {
        TouchUsers();
        return --_users == 0 ? ReleaseAsync() : default;
    }

    /// <summary>Calls come and go in any order, but for the close: that counts as a change of the open files.</summary>
    private void TouchUsers() => Volume.Machine.Touch(SharedState.OpenFiles, IsOpen ? AccessKind.Read : AccessKind.Write);

    private ValueTask ReleaseAsync()
    {
        _inode.OpenCount--;
        return Volume.Inodes.ReleaseAsync(_inode);
    }
}
