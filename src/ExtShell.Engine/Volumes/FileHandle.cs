using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Mapping;

namespace ExtShell.Engine.Volumes;

/// <summary>
/// An open file. Each operation is there twice: <c>XAsync</c> for simulated threads, and <c>X</c>, which runs the machine until the
/// operation has returned.
/// Direct operations want offsets and lengths that the device's sectors divide (EINVAL else).
/// </summary>
public sealed partial class FileHandle : IDisposable, IAsyncDisposable
{
    /// <summary>The volume.</summary>
    public Volume Volume { get; }

    /// <summary>The handle's number: given out from 1 in the order of opening.</summary>
    public int Number { get; }

    /// <summary>The path that it was opened by.</summary>
    public string Path { get; }

    /// <summary>How it was opened.</summary>
    public OpenOptions Options { get; }

    /// <summary>Who opened it, and writes through it.</summary>
    public Caller Caller { get; }

    /// <summary>Whether it is open still.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Writes around the page cache and returns when the write is acknowledged.</summary>
    /// <returns>How many bytes were written.</returns>
    /// <remarks>
    /// With <paramref name="noWait"/> (RWF_NOWAIT) it is EAGAIN instead of waiting; with <see cref="OpenOptions.Append"/> it goes to the
    /// end of the file, whatever the offset.
    /// </remarks>
    public long WriteDirect(long offsetBytes, ReadOnlyMemory<byte> bytes, SyncKind sync = SyncKind.None, bool noWait = false) =>
        Volume.Machine.Run(static write => write.File.WriteDirectAsync(write.Offset, write.Bytes, write.Sync, write.NoWait),
            (File: this, Offset: offsetBytes, Bytes: bytes, Sync: sync, NoWait: noWait));

    /// <summary>Submits a direct write and returns; the memory must stay as it is until the write is acknowledged.</summary>
    public DirectIo StartDirect(long offsetBytes, ReadOnlyMemory<byte> bytes, SyncKind sync = SyncKind.None, bool noWait = false) =>
        Volume.Machine.Run(static write => write.File.StartDirectAsync(write.Offset, write.Bytes, write.Sync, write.NoWait),
            (File: this, Offset: offsetBytes, Bytes: bytes, Sync: sync, NoWait: noWait));

    /// <summary>Waits until <paramref name="io"/> is acknowledged.</summary>
    /// <returns>How many bytes it wrote.</returns>
    public long WaitDirect(DirectIo io) => Volume.Machine.Run(() => WaitDirectAsync(io));

    /// <summary>Reads around the page cache; what was written buffered is written back first. Short at the end of the file.</summary>
    public byte[] ReadDirect(long offsetBytes, int lengthBytes)
    {
        var into = new byte[lengthBytes];
        int read = ReadDirect(offsetBytes, into);
        return read == lengthBytes ? into : into[..read];
    }

    /// <summary>As <see cref="ReadDirect(long, int)"/>, into memory of the caller's.</summary>
    /// <returns>How many bytes were read.</returns>
    public int ReadDirect(long offsetBytes, Memory<byte> into) =>
        Volume.Machine.Run(static read => read.File.ReadDirectAsync(read.Offset, read.Into), (File: this, Offset: offsetBytes, Into: into));

    /// <summary>Writes to the page cache.</summary>
    /// <returns>How many bytes were written.</returns>
    public long WriteBuffered(long offsetBytes, ReadOnlyMemory<byte> bytes, SyncKind sync = SyncKind.None, bool noWait = false) =>
        Volume.Machine.Run(static write => write.File.WriteBufferedAsync(write.Offset, write.Bytes, write.Sync, write.NoWait),
            (File: this, Offset: offsetBytes, Bytes: bytes, Sync: sync, NoWait: noWait));

    /// <summary>Reads through the page cache. Short at the end of the file.</summary>
    public byte[] ReadBuffered(long offsetBytes, int lengthBytes)
    {
        var into = new byte[lengthBytes];
        int read = ReadBuffered(offsetBytes, into);
        return read == lengthBytes ? into : into[..read];
    }

    /// <summary>As <see cref="ReadBuffered(long, int)"/>, into memory of the caller's.</summary>
    /// <returns>How many bytes were read.</returns>
    public int ReadBuffered(long offsetBytes, Memory<byte> into) =>
        Volume.Machine.Run(static read => read.File.ReadBufferedAsync(read.Offset, read.Into),
            (File: this, Offset: offsetBytes, Into: into));

    /// <summary>
    /// fallocate. Where the mode allocates or zeroes, the size is raised to the end of the range unless <paramref name="keepSize"/>;
    /// collapsing and inserting change the size by the length of the range, and punching leaves it.
    /// </summary>
    public void Fallocate(long offsetBytes, long lengthBytes, FallocateMode mode = FallocateMode.Allocate, bool keepSize = false) =>
        Volume.Machine.Run(() => FallocateAsync(offsetBytes, lengthBytes, mode, keepSize));

    /// <summary>Sets the size: frees what lies past it, or leaves a hole up to it.</summary>
    public void Truncate(long sizeBytes) => Volume.Machine.Run(() => TruncateAsync(sizeBytes));

    /// <summary>fsync, or fdatasync: what was written and acknowledged before is durable after it.</summary>
    public void Sync(bool dataOnly = false) => Volume.Machine.Run(() => SyncAsync(dataOnly));

    /// <summary>The file's extents, holes left out, by logical block.</summary>
    public IReadOnlyList<BlockMapping> GetExtents() => Volume.Machine.Run(GetExtentsAsync);

    /// <summary>What is known of the inode.</summary>
    public InodeStatus Stat() => Volume.Machine.Run(StatAsync);

    /// <summary>Closes it; the last handle of an unlinked file deletes the file.</summary>
    public void Close() => Volume.Machine.Run(CloseAsync);

    /// <inheritdoc/>
    public override string ToString() => $"{Path}, handle {Number}{(IsOpen ? "" : ", closed")}";

    /// <summary>Closes it, if it is open still and the volume mounted.</summary>
    public void Dispose()
    {
        if (IsOpen && Volume.IsMounted)
            Close();
    }

    /// <summary><see cref="Dispose"/> for a simulated thread.</summary>
    public ValueTask DisposeAsync() => IsOpen && Volume.IsMounted ? CloseAsync() : default;
}
