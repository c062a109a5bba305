using Microsoft.Win32.SafeHandles;

namespace ExtShell.Repl.Running;

/// <summary>Standard output that ends the program when nobody reads it any more, as in <c>extshell endless.csx | head -1</c>.</summary>
/// <remarks>
/// The console's own stream drops what is written to a closed pipe and says nothing. Only what cannot be sought is written here: a file
/// has one place for all who write to it, which a stream of its own would not know. On Windows the console's stream stays.
/// </remarks>
internal sealed class PipeOutput : Stream
{
    private const int StandardOutput = 1;
    private readonly FileStream _pipe;

    private PipeOutput(FileStream pipe) => _pipe = pipe;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Where the program and its scripts write.</summary>
    public static TextWriter Open()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
            return Console.Out;
        var pipe = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!pipe.CanSeek)
            Console.SetOut(TextWriter.Synchronized(new StreamWriter(new PipeOutput(pipe)) { AutoFlush = true }));
        return Console.Out;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _pipe.Write(buffer);
        }
        catch (IOException closed)
        {
            throw new OutputClosedException(closed);
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>Nobody reads the output any more.</summary>
internal sealed class OutputClosedException(Exception cause) : IOException("nobody reads the output any more", cause);
