using ExtShell.Format.Errors;

namespace ExtShell.Engine.Volumes;

public sealed partial class FileHandle
{
    internal FileHandle(Volume volume, int number, string path, OpenOptions options) =>
        (Volume, Number, Path, Options, IsOpen) = (volume, number, path, options, true);

    /// <summary><see cref="WriteDirect"/> for a simulated thread.</summary>
    public ValueTask<long> WriteDirectAsync(long offsetBytes, ReadOnlyMemory<byte> bytes, SyncKind sync = SyncKind.None) => throw Unfinished();

    /// <summary><see cref="StartDirect"/> for a simulated thread.</summary>
    public ValueTask<DirectIo> StartDirectAsync(long offsetBytes, ReadOnlyMemory<byte> bytes, SyncKind sync = SyncKind.None) => throw Unfinished();

    /// <summary><see cref="WaitDirect"/> for a simulated thread.</summary>
    public ValueTask<long> WaitDirectAsync(DirectIo io) => throw Unfinished();

    /// <summary><see cref="ReadDirect"/> for a simulated thread.</summary>
    /// <returns>How many bytes were read.</returns>
    public ValueTask<int> ReadDirectAsync(long offsetBytes, Memory<byte> into) => throw Unfinished();

    /// <summary><see cref="WriteBuffered"/> for a simulated thread.</summary>
    public ValueTask<long> WriteBufferedAsync(long offsetBytes, ReadOnlyMemory<byte> bytes, SyncKind sync = SyncKind.None) => throw Unfinished();

    /// <summary><see cref="ReadBuffered"/> for a simulated thread.</summary>
    /// <returns>How many bytes were read.</returns>
    public ValueTask<int> ReadBufferedAsync(long offsetBytes, Memory<byte> into) => throw Unfinished();

    /// <summary><see cref="Fallocate"/> for a simulated thread.</summary>
    public ValueTask FallocateAsync(long offsetBytes, long lengthBytes, bool keepSize = false) => throw Unfinished();

    /// <summary><see cref="Truncate"/> for a simulated thread.</summary>
    public ValueTask TruncateAsync(long sizeBytes) => throw Unfinished();

    /// <summary><see cref="Sync"/> for a simulated thread.</summary>
    public ValueTask SyncAsync(bool dataOnly = false) => throw Unfinished();

    /// <summary><see cref="Stat"/> for a simulated thread.</summary>
    public ValueTask<InodeStatus> StatAsync() => throw Unfinished();

    /// <summary><see cref="Close"/> for a simulated thread.</summary>
    public ValueTask CloseAsync() => throw Unfinished();

    private static InvariantException Unfinished() => new("this landing has signatures only");
}
