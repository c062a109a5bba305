using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Volumes;

/// <summary>An asynchronous direct write that was submitted: what <c>io_submit(2)</c> began and <c>io_getevents(2)</c> answers.</summary>
public sealed class DirectIo
{
    private readonly WaitCondition _acknowledged;

    internal DirectIo(Machine machine, int call, long offsetBytes, int lengthBytes)
    {
        Call = call;
        OffsetBytes = offsetBytes;
        LengthBytes = lengthBytes;
        _acknowledged = new WaitCondition(machine, WaitKind.Event, $"direct write {call} to be acknowledged", () => IsAcknowledged);
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

    internal Wait WaitAsync() => _acknowledged.WaitAsync();

    internal void Acknowledge(long result, Errno error)
    {
        InvariantException.Require(!IsAcknowledged, "a direct write is acknowledged once");
        Result = result;
        Error = error;
        IsAcknowledged = true;
    }
}
