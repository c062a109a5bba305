using System.Runtime.InteropServices;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Durability;

/// <summary>
/// Takes down what callers asked of a volume and what they were told: the ledger reads promises from it, the laboratory makes a scenario of
/// it. Give it to the mount (<see cref="MountOptions.Observer"/>), and begin when the write log begins.
/// </summary>
/// <remarks>
/// (1) Calls are numbered from 1 in the order in which they were made.
/// (2) Calls made before <see cref="Begin"/> are set-up: what they did is in the baseline. Begin when they are all acknowledged, and
/// synced.
/// (3) What a caller owns (bytes to write, bytes read) is copied.
/// </remarks>
public sealed class History : IVolumeObserver
{
    private readonly List<RecordedCall> _calls = [];
    private readonly ByteArena? _arena;
    private int _sequence;

    /// <summary>An empty one.</summary>
    /// <param name="arena">Where what callers own is copied to; null: memory from the runtime.</param>
    public History(ByteArena? arena = null) => _arena = arena;

    /// <summary>The calls, in the order in which they were made.</summary>
    public IReadOnlyList<RecordedCall> Calls => _calls;

    /// <summary>The log whose positions date the events; null before <see cref="Begin"/>.</summary>
    public WriteLog? Log { get; private set; }

    /// <summary>What the volume held when the log began.</summary>
    public Baseline Baseline { get; private set; } = Baseline.Empty;

    /// <summary>How many of <see cref="Calls"/> were made before the log began.</summary>
    public int SetupCalls { get; private set; }

    /// <summary>How many calls, returns and acknowledgements there were.</summary>
    public int EventCount => _sequence;

    /// <summary>The calls made since the log began.</summary>
    public ReadOnlySpan<RecordedCall> LoggedCalls => CollectionsMarshal.AsSpan(_calls)[SetupCalls..];

    /// <summary>The log begins: the positions of later events are its.</summary>
    /// <param name="log">The log of the volume's device.</param>
    /// <param name="baseline">What the volume holds now, durably.</param>
    public void Begin(WriteLog log, Baseline baseline)
    {
        InvariantException.Require(!_calls.Exists(call => call.Acknowledged.IsNever), "a log begins with every call acknowledged"); // (2)
        Log = log;
        Baseline = baseline;
        SetupCalls = _calls.Count;
    }

    /// <summary>The call of that number; null if there is none.</summary>
    public RecordedCall? Find(int call) => call >= 1 && call <= _calls.Count ? _calls[call - 1] : null; // (1)

    /// <inheritdoc/>
    public int OnCall(in OperationCall call)
    {
        OperationCall kept = IsRead(call.Kind) ? call : call with { Bytes = Copy(call.Bytes.Span) }; // (3)
        _calls.Add(new RecordedCall(_calls.Count + 1, kept, Now()));
        return _calls.Count;
    }

    /// <inheritdoc/>
    public void OnPlaced(int call, long offsetBytes)
    {
        RecordedCall recorded = _calls[call - 1];
        recorded.Operation = recorded.Operation with { OffsetBytes = offsetBytes };
        recorded.IsPlaced = true;
    }

    /// <inheritdoc/>
    public void OnReturn(int call, long result, Errno errno)
    {
        RecordedCall recorded = _calls[call - 1];
        InvariantException.Require(recorded.Returned.IsNever, "a call returns once");
        recorded.Returned = Now();
        if (errno != Errno.None)
            recorded.Error = errno;
    }

    /// <inheritdoc/>
    public void OnAcknowledged(int call, long result, Errno errno)
    {
        RecordedCall recorded = _calls[call - 1];
        InvariantException.Require(recorded.Acknowledged.IsNever, "a call is acknowledged once");
        recorded.Acknowledged = Now();
        recorded.Result = result;
        recorded.Error = errno;
        if (IsRead(recorded.Operation.Kind))
        {
            int seen = errno == Errno.None ? (int)Math.Min(result, recorded.Operation.Bytes.Length) : 0;
            recorded.Seen = Copy(recorded.Operation.Bytes.Span[..seen]); // (3)
            recorded.Operation = recorded.Operation with { Bytes = default };
        }
    }

    private static bool IsRead(OperationKind kind) =>
        kind is OperationKind.ReadDirect or OperationKind.ReadBuffered or OperationKind.MapRead or OperationKind.Stat;

    private byte[] Copy(ReadOnlySpan<byte> bytes) => _arena is null ? bytes.ToArray() : _arena.Copy(bytes);

    private Moment Now() => new(Log?.Position ?? 0, _sequence++);
}
