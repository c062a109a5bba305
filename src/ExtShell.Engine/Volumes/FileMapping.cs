using ExtShell.Engine.Caching;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Volumes;

/// <summary>
/// A range of a file that is mapped into memory (mmap with MAP_SHARED): loads and stores see what readers and writers of the file see, and
/// they see the stores. Each operation is there twice: <c>XAsync</c> for simulated threads, and <c>X</c>, which runs the machine until the
/// operation has returned. Offsets are the file's; what lies outside of the mapping is EFAULT (SIGSEGV).
/// </summary>
public sealed class FileMapping : IDisposable
{
    private readonly Inode _inode;
    private readonly MappedPages _pages = new();
    private readonly string _path;
    private readonly int _handle;
    private readonly bool _isReadOnly;

    internal FileMapping(FileHandle file, Inode inode, int number, long offsetBytes, long lengthBytes)
    {
        (Volume, _inode, Number, OffsetBytes, LengthBytes) = (file.Volume, inode, number, offsetBytes, lengthBytes);
        (_path, _handle, _isReadOnly) = (file.Path, file.Number, (file.Options & OpenOptions.ReadOnly) != 0);
        IsMapped = true;
    }

    /// <summary>The volume.</summary>
    public Volume Volume { get; }

    /// <summary>The mapping's number: given out from 1 in the order of mapping.</summary>
    public int Number { get; }

    /// <summary>Where in the file it begins, in bytes.</summary>
    public long OffsetBytes { get; }

    /// <summary>How long it is, in bytes; what is mapped goes on to the end of the last page.</summary>
    public long LengthBytes { get; }

    /// <summary>Whether it is there still.</summary>
    public bool IsMapped { get; private set; }

    /// <summary>Loads. Bytes past the end of the file in its last page are zero, or what was stored there.</summary>
    /// <exception cref="FileSystemException">
    /// EFAULT: outside of the mapping (SIGSEGV), or a page past the end of the file (SIGBUS); EIO: the device failed the read (SIGBUS).
    /// </exception>
    public byte[] Read(long offsetBytes, int lengthBytes)
    {
        var into = new byte[lengthBytes];
        Volume.Machine.Run(() => ReadAsync(offsetBytes, into));
        return into;
    }

    /// <summary>Stores. Nothing makes it durable but <see cref="Sync"/>, fsync, or a sync of the volume.</summary>
    /// <exception cref="FileSystemException">
    /// As <see cref="Read"/>; EACCES: the handle was opened read-only (SIGSEGV); ENOSPC: no block for a hole (SIGBUS). What lay before the
    /// page that failed was stored.
    /// </exception>
    public void Write(long offsetBytes, ReadOnlyMemory<byte> bytes) => Volume.Machine.Run(() => WriteAsync(offsetBytes, bytes));

    /// <summary>msync with MS_SYNC: what was stored into the pages of the range before is durable after it.</summary>
    /// <exception cref="FileSystemException">EIO, ENOSPC: some of it did not reach the device; EFAULT: outside of the mapping.</exception>
    public void Sync(long offsetBytes, long lengthBytes) => Volume.Machine.Run(() => SyncAsync(offsetBytes, lengthBytes));

    /// <summary>Takes it away; what was stored stays in the page cache.</summary>
    public void Unmap() => Volume.Machine.Run(UnmapAsync);

    /// <summary><see cref="Read"/> for a simulated thread.</summary>
    /// <returns>How many of the bytes lie inside the file; all of <paramref name="into"/> is filled.</returns>
    public async ValueTask<int> ReadAsync(long offsetBytes, Memory<byte> into)
    {
        OperationCall call = Call(OperationKind.MapRead) with { OffsetBytes = offsetBytes, LengthBytes = into.Length, Bytes = into };
        return (int)await RunAsync(call, async _ =>
        {
            RequireMapped(offsetBytes, into.Length);
            return await Volume.Files.Mapped.ReadAsync(_inode, _pages, offsetBytes, into);
        });
    }

    /// <summary><see cref="Write"/> for a simulated thread.</summary>
    /// <returns>How many of the bytes lay inside the file, up to the first that did not.</returns>
    public ValueTask<long> WriteAsync(long offsetBytes, ReadOnlyMemory<byte> bytes)
    {
        OperationCall call = Call(OperationKind.MapWrite) with { OffsetBytes = offsetBytes, LengthBytes = bytes.Length, Bytes = bytes };
        return RunAsync(call, number =>
        {
            RequireMapped(offsetBytes, bytes.Length);
            if (_isReadOnly)
                throw new FileSystemException(Errno.EACCES, _path, "the handle of the mapping was opened read-only (SIGSEGV)");
            Volume.RequireWritable(_path);
            return Volume.Files.Mapped.WriteAsync(_inode, _pages, offsetBytes, bytes, number);
        });
    }

    /// <summary><see cref="Sync"/> for a simulated thread.</summary>
    public async ValueTask SyncAsync(long offsetBytes, long lengthBytes)
    {
        OperationCall call = Call(OperationKind.MapSync) with { OffsetBytes = offsetBytes, LengthBytes = lengthBytes };
        await RunAsync(call, async _ =>
        {
            RequireMapped(offsetBytes, lengthBytes);
            if (Volume.ReadOnlyReason is null)
                await Volume.Files.Mapped.SyncAsync(_inode, offsetBytes, lengthBytes);
            return 0;
        });
    }

    /// <summary><see cref="Unmap"/> for a simulated thread.</summary>
    public async ValueTask UnmapAsync() => await RunAsync(Call(OperationKind.Unmap), async _ =>
    {
        RequireMapped(OffsetBytes, LengthBytes);
        await UnmapQuietlyAsync();
        return 0;
    });

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"mapping {Number} of {_path}, {LengthBytes} bytes at {OffsetBytes}{(IsMapped ? "" : ", unmapped")}");

    /// <summary>Unmaps it, if it is mapped still and the volume mounted.</summary>
    public void Dispose()
    {
        if (IsMapped && Volume.IsMounted)
            Unmap();
    }

    internal static void RequireRange(Inode inode, long offsetBytes, long lengthBytes)
    {
        if (!inode.IsRegular)
            throw new FileSystemException(Errno.ENODEV, $"map inode {inode.Number}", "it is no regular file");
        bool isRange = offsetBytes >= 0 && lengthBytes > 0 && lengthBytes <= long.MaxValue - Page.SizeBytes - offsetBytes;
        if (!isRange || offsetBytes % Page.SizeBytes != 0)
            throw new FileSystemException(Errno.EINVAL, $"map inode {inode.Number}", $"a range begins at a multiple of {Page.SizeBytes}");
    }

    /// <summary>Unmaps without a call of its own: at unmount.</summary>
    internal ValueTask UnmapQuietlyAsync()
    {
        IsMapped = false;
        Volume.Forget(this);
        return Volume.Inodes.ReleaseAsync(_inode);
    }

    private OperationCall Call(OperationKind kind) =>
        new() { Kind = kind, Handle = _handle, Mapping = Number, Inode = _inode.Number, Path = _path };

    private void RequireMapped(long offsetBytes, long lengthBytes)
    {
        Volume.RequireMounted(_path);
        long end = OffsetBytes + ((LengthBytes + Page.SizeBytes - 1) & -Page.SizeBytes);
        if (!IsMapped || offsetBytes < OffsetBytes || lengthBytes < 0 || offsetBytes > end - lengthBytes)
            throw new FileSystemException(Errno.EFAULT, _path, "the access lies outside of the mapping (SIGSEGV)");
    }

    private async ValueTask<long> RunAsync(OperationCall call, Func<int, ValueTask<long>> body)
    {
        int number = Volume.BeginCall(call);
        Volume.Enter();
        bool isUser = IsMapped;
        if (isUser)
            Volume.Inodes.Retain(_inode); // kept over the call, whoever unmaps meanwhile
        try
        {
            long result = await body(number);
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
                await Volume.Inodes.ReleaseAsync(_inode);
            Volume.Leave();
        }
    }
}
