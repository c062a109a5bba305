using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Provider;

/// <summary>A file of a volume as a stream; buffered I/O, each operation alone on the volume.</summary>
internal sealed class VolumeFileStream(Volume volume, FileHandle file, bool isReadOnly) : Stream
{
    private readonly object _gate = VolumeRegistry.GateOf(volume);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => !isReadOnly;

    public override long Length
    {
        get
        {
            lock (_gate)
                return file.Stat().SizeBytes;
        }
    }

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read;
        lock (_gate)
            read = file.ReadBuffered(Position, buffer.AsMemory(offset, count));
        Position += read;
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        lock (_gate)
            file.WriteBuffered(Position, buffer.AsMemory(offset, count));
        Position += count;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void SetLength(long value)
    {
        lock (_gate)
            file.Truncate(value);
    }

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_gate)
                file.Dispose();
        }

        base.Dispose(disposing);
    }
}
