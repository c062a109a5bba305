using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Volumes;

/// <summary>An asynchronous direct write that was submitted: what <c>io_submit(2)</c> began and <c>io_getevents(2)</c> answers.</summary>
public sealed class DirectIo : IDirectWriteEnd
{
    private readonly FileHandle _file;
    private readonly WaitCondition _acknowledged;

    internal DirectIo(FileHandle file, int call, long offsetBytes, int lengthBytes)
    {
        _file = file;
        Call = call;
        OffsetBytes = offsetBytes;
        LengthBytes = lengthBytes;
        _acknowledged = new WaitCondition(file.Volume.Machine, WaitKind.Event, $"acknowledgement of call {call}", () => IsAcknowledged);
    }

    /// <summary>The number of the call that started it.</summary>
    public int Call { get; }

    /// <summary>Where in the file it writes, in bytes.</summary>
    public long OffsetBytes { get; }

    /// <summary>How much it writes, in bytes.</summary>
    public int LengthBytes { get; }

    /// <summary>Whether its completion was delivered.</summary>
    public bool IsAcknowledged { get; private set; }

    /// <summary>How many bytes were written; 0 before it is acknowledged.</summary>
    public long Result { get; private set; }

    /// <summary>How it failed, if it did.</summary>
    public Errno Error { get; private set; }

    /// <inheritdoc/>
    public override string ToString()
    {
        string state = !IsAcknowledged ? "in flight" : Error == Errno.None ? "acknowledged" : $"failed with {Error}";
        return FormattableString.Invariant($"direct write of {_file.Path}, {LengthBytes} bytes at {OffsetBytes}: {state}");
    }

    /// <inheritdoc/>
    public void Acknowledge(long lengthBytes, Errno error)
    {
        InvariantException.Require(!IsAcknowledged, "a direct write is acknowledged once");
        Result = lengthBytes;
        Error = error;
        _acknowledged.Machine.Touch(_acknowledged, AccessKind.Write);
        IsAcknowledged = true;
        _file.Acknowledged(this);
    }

    internal Wait WaitAsync() => _acknowledged.WaitAsync();
}
