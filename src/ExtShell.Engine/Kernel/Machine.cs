using System.Runtime.CompilerServices;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Kernel;

/// <summary>
/// The simulated machine: threads, pending I/O, the clock, and who runs next. It is the seam through which explorers drive the engine.
/// </summary>
/// <remarks>
/// Two ways of running.
/// Default schedule (no strategy): a thread runs until it must wait. The outside caller never suspends: when it must wait, the machine is
/// pumped below its await (waited I/O first, then other threads by number, then the oldest pending I/O) until it can go on, so that every
/// await of a lone caller completes synchronously. Threads other than the outside caller suspend.
/// With a strategy: every await asks the strategy where at least two choices are on offer. An observer is told each step and what
/// it touches.
/// Invariants.
/// (1) At most one thread runs; <see cref="Current"/> is it.
/// (2) Choices are offered in a fixed order, so that indexes replay.
/// (3) An interrupt never waits.
/// (4) No operating-system thread and no synchronization context takes part: continuations run inline.
/// Compiled with WITHOUT_SEAM it serves callers from outside alone, and without footprints: the benchmark of what the seam costs compares
/// with that.
/// </remarks>
public sealed partial class Machine
{
    private readonly List<SimulatedThread> _threads = [];
    private readonly List<IInterruptSource> _sources = [];
    private readonly List<Choice> _choices = [];
    private readonly IScheduleStrategy? _strategy;
    private readonly Dictionary<string, YieldPoint> _yieldPoints = [];
    private SimulatedThread? _outside;
    private SimulatedThread? _spareOutside;
    private SimulatedThread? _next;
    private int _nextThreadId;
    private IMachineObserver? _observer;
    private Exception? _stopped;
    private SynchronizationContext? _savedContext;
    private bool _inInterrupt;

    /// <summary>Makes a machine.</summary>
    /// <param name="strategy">Who picks what happens next; null for the default schedule.</param>
    public Machine(IScheduleStrategy? strategy = null) => _strategy = strategy;

    /// <summary>The clock.</summary>
    public SimulatedClock Clock { get; } = new();

    /// <summary>Where memory comes from that dies with the machine; null: from the runtime.</summary>
    public ByteArena? Arena { get; init; }

    /// <summary>The thread that runs; null when none does.</summary>
    public SimulatedThread? Current { get; private set; }

    /// <summary>The context in which code runs now.</summary>
    public ExecutionContextKind Context => _inInterrupt ? ExecutionContextKind.Interrupt : Current?.Kind ?? ExecutionContextKind.Caller;

    /// <summary>The threads that have not ended, in order of creation.</summary>
    public IReadOnlyList<SimulatedThread> Threads => _threads;

    /// <summary>Is told each step, and what it touches; null where nobody wants to know. Only a machine with a strategy tells.</summary>
    public IMachineObserver? Observer
    {
        get => _observer;
        set => _observer = value;
    }

    /// <summary>Whether no thread but the one that asks can go on, and no I/O is pending.</summary>
    public bool IsQuiet
    {
        get
        {
            foreach (SimulatedThread thread in _threads)
            {
                if (thread.CanRun)
                    return false;
            }

            foreach (IInterruptSource source in _sources)
            {
                if (source.PendingCount > 0)
                    return false;
            }

            return true;
        }
    }

    /// <summary>
    /// Says that the running step looks at a resource or changes it. A resource is any object that stands for shared state; the footprints
    /// of steps tell explorers which steps commute.
    /// </summary>
#if WITHOUT_SEAM
    [System.Diagnostics.Conditional("SEAM")]
#endif
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch(object resource, AccessKind access)
    {
        if (_observer is not null)
            TellTouch(resource, 0, long.MaxValue, access);
    }

    /// <summary>
    /// As <see cref="Touch(object, AccessKind)"/>, for a range of a resource: accesses of ranges that do not overlap commute.
    /// </summary>
#if WITHOUT_SEAM
    [System.Diagnostics.Conditional("SEAM")]
#endif
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch(object resource, long first, long length, AccessKind access)
    {
        if (_observer is not null)
            TellTouch(resource, first, length, access);
    }

    /// <summary>
    /// Ends the run: from the next scheduling point on nothing runs any more, and the call from outside throws the reason. The
    /// first reason counts.
    /// </summary>
    public void Stop(Exception reason) => _stopped ??= reason;

    /// <summary>Whether the run was ended by <see cref="Stop"/>.</summary>
    public bool IsStopped => _stopped is not null;

    /// <summary>Bytes that die with the machine; zeroes.</summary>
    internal byte[] TakeBytes(int lengthBytes) => Arena is null ? new byte[lengthBytes] : Arena.Take(lengthBytes);

    /// <summary>A copy that dies with the machine.</summary>
    internal byte[] CopyBytes(ReadOnlySpan<byte> source) => Arena is null ? source.ToArray() : Arena.Copy(source);

    /// <summary>Adds a source of interrupts: a device.</summary>
    public void AddInterruptSource(IInterruptSource source) => _sources.Add(source);

    /// <summary>Makes a thread; it runs when the schedule picks it.</summary>
    public SimulatedThread Spawn(string name, Func<ValueTask> body, ExecutionContextKind kind = ExecutionContextKind.Caller)
    {
        InvariantException.Require(kind != ExecutionContextKind.Interrupt, "no thread runs in interrupt context");
        var thread = new SimulatedThread(_nextThreadId++, name, kind, body);
        _threads.Add(thread);
        return thread;
    }

    /// <summary>The explicit scheduling point; <paramref name="where"/> names it in traces.</summary>
#if WITHOUT_SEAM
    public Wait Yield(string where) => default;
#else
    public Wait Yield(string where) => _strategy is null && !_inInterrupt ? default : YieldPointAt(where).WaitAsync();
#endif

    [MethodImpl(MethodImplOptions.NoInlining)] // else every touch carries it along
    private void TellTouch(object resource, long first, long length, AccessKind access) =>
        _observer!.OnTouch(resource, first, length > long.MaxValue - first ? long.MaxValue : first + length, access);

    private YieldPoint YieldPointAt(string where)
    {
        if (!_yieldPoints.TryGetValue(where, out YieldPoint? point))
            _yieldPoints.Add(where, point = new YieldPoint(this, where));
        return point;
    }

    private sealed class YieldPoint(Machine machine, string where) : Waitable(machine, WaitKind.Yield)
    {
        public override string Describe() => where;

        public override bool IsReady(SimulatedThread thread) => true;
    }
}
