using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
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
/// </remarks>
public sealed class Machine
{
    private readonly List<SimulatedThread> _threads = [];
    private readonly List<IInterruptSource> _sources = [];
    private readonly List<Choice> _choices = [];
    private readonly IScheduleStrategy? _strategy;
    private readonly YieldPoint _yieldPoint;
    private SimulatedThread? _outside;
    private SimulatedThread? _spareOutside;
    private SimulatedThread? _next;
    private int _nextThreadId;
    private IMachineObserver? _observer;
    private ExceptionDispatchInfo? _stopped;

    /// <summary>Makes a machine.</summary>
    /// <param name="strategy">Who picks what happens next; null for the default schedule.</param>
    /// <param name="startSeconds">When the clock begins, in seconds since 1970.</param>
    public Machine(IScheduleStrategy? strategy = null, long startSeconds = SimulatedClock.DefaultStartSeconds)
    {
        _strategy = strategy;
        Clock = new SimulatedClock(startSeconds);
        _yieldPoint = new YieldPoint(this);
    }

    /// <summary>The clock.</summary>
    public SimulatedClock Clock { get; }

    /// <summary>Where memory comes from that dies with the machine; null: from the runtime.</summary>
    public ByteArena? Arena { get; init; }

    /// <summary>The thread that runs; null when none does.</summary>
    public SimulatedThread? Current { get; private set; }

    /// <summary>The context in which code runs now.</summary>
    public ExecutionContextKind Context => _inInterrupt ? ExecutionContextKind.Interrupt : Current?.Kind ?? ExecutionContextKind.Caller;

    /// <summary>The threads that have not ended, in order of creation.</summary>
    public IReadOnlyList<SimulatedThread> Threads => _threads;

    /// <summary>Whether a call from outside is running.</summary>
    public bool IsRunning => _outside is not null;

    private bool _inInterrupt;

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
    /// Says that the running step looks at a resource or changes it. A resource is any object that stands for shared state; the
    /// footprints of
    /// steps tell explorers which steps commute.
    /// </summary>
    public void Touch(object resource, AccessKind access) => _observer?.OnTouch(resource, 0, long.MaxValue, access);

    /// <summary>
    /// As <see cref="Touch(object, AccessKind)"/>, for a range of a resource: accesses of ranges that do not overlap commute.
    /// </summary>
    public void Touch(object resource, long first, long length, AccessKind access) =>
        _observer?.OnTouch(resource, first, length > long.MaxValue - first ? long.MaxValue : first + length, access);

    /// <summary>
    /// Ends the run: from the next scheduling point on nothing runs any more, and the call from outside throws the reason. The
    /// first reason counts.
    /// </summary>
    public void Stop(Exception reason) => _stopped ??= ExceptionDispatchInfo.Capture(reason);

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
    public Wait Yield(string where)
    {
        _yieldPoint.Where = where;
        return _yieldPoint.WaitAsync();
    }

    /// <summary>Runs a call from outside to its end.</summary>
    /// <exception cref="DeadlockException">It can never end.</exception>
    public void Run(Func<ValueTask> body)
    {
        Begin();
        try
        {
            ValueTask call = body();
            if (call.IsCompleted)
                call.GetAwaiter().GetResult();
            else
                Drive(call.AsTask()).GetAwaiter().GetResult();
        }
        finally
        {
            End();
        }
    }

    /// <summary>Runs a call from outside to its end and returns what it returns.</summary>
    /// <exception cref="DeadlockException">It can never end.</exception>
    public T Run<T>(Func<ValueTask<T>> body)
    {
        Begin();
        try
        {
            ValueTask<T> call = body();
            if (call.IsCompleted)
                return call.Result;
            Task<T> task = call.AsTask();
            Drive(task);
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            End();
        }
    }

    /// <summary>
    /// As <see cref="Run{T}(Func{ValueTask{T}})"/>, for callers that may not allocate: what the body needs is handed through.
    /// </summary>
    /// <exception cref="DeadlockException">It can never end.</exception>
    public T Run<TArgument, T>(Func<TArgument, ValueTask<T>> body, TArgument argument)
    {
        Begin();
        try
        {
            ValueTask<T> call = body(argument);
            if (call.IsCompleted)
                return call.Result;
            Task<T> task = call.AsTask();
            Drive(task);
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            End();
        }
    }

    /// <summary>
    /// Completes all I/O in flight and lets every thread run until it waits for something that only a caller can bring about.
    /// </summary>
    public void RunUntilIdle()
    {
        Begin();
        try
        {
            SimulatedThread outside = _outside!;
            while (Step(excluding: outside))
            {
            }
        }
        finally
        {
            End();
        }
    }

    internal bool TryPass(Waitable waitable)
    {
        if (_inInterrupt)
            throw WaitInInterrupt(waitable); // (3)
        SimulatedThread current = Current ?? throw new InvariantException("only a simulated thread waits");
        return _strategy is null ? TryPassByDefault(waitable, current) : TryPassByStrategy(waitable, current);
    }

    internal void Suspend(Waitable waitable, Action continuation)
    {
        SimulatedThread current = Current!;
        current.WaitingFor = waitable;
        current.Continuation = continuation;
    }

    private void Begin()
    {
        InvariantException.Require(_outside is null, "a call from outside does not nest in another");
        _savedContext = SynchronizationContext.Current;
        if (_savedContext is not null)
            SynchronizationContext.SetSynchronizationContext(null); // (4)
        _outside = _spareOutside ?? new SimulatedThread(-1, "caller", ExecutionContextKind.Caller, null);
        _spareOutside = null;
        _outside.MarkStarted();
        Current = _outside;
        Clock.Advance(1000);
    }

    private void End()
    {
        _outside!.MarkDone();
        if (_outside.WaitingFor is null)
            _spareOutside = _outside; // one that was given up in a wait may still be resumed
        _outside = null;
        Current = null;
        _next = null;
        if (_savedContext is not null)
            SynchronizationContext.SetSynchronizationContext(_savedContext);
        _savedContext = null;
    }

    private SynchronizationContext? _savedContext;

    private bool TryPassByDefault(Waitable waitable, SimulatedThread current)
    {
        while (!waitable.IsReady(current))
        {
            if (waitable.TryAdvance())
                continue;
            if (current != _outside)
                return false;
            if (!Step(excluding: current))
                throw Deadlock(current, waitable);
            Current = current;
        }

        waitable.Take(current);
        return true;
    }

    private bool TryPassByStrategy(Waitable waitable, SimulatedThread current)
    {
        current.WaitingFor = waitable;
        while (true)
        {
            Choice choice = PickNext();
            if (choice.IsInterrupt)
            {
                FireInterrupt(choice.Source!, choice.Index);
                continue;
            }

            if (choice.Thread == current)
            {
                current.WaitingFor = null;
                Take(waitable, current);
                return true;
            }

            _next = choice.Thread; // none where nothing can go on: the main loop says so
            return false;
        }
    }

    /// <summary>The main loop: resumes whom the schedule picked until the outside call has ended.</summary>
    private Task Drive(Task call)
    {
        while (!call.IsCompleted)
        {
            SimulatedThread? thread = _next;
            _next = null;
            while (thread is null)
            {
                Choice choice = PickNext();
                if (choice.IsInterrupt)
                    FireInterrupt(choice.Source!, choice.Index);
                else if (choice.Thread is not null)
                    thread = choice.Thread;
                else
                    throw NothingRuns();
            }

            Resume(thread);
        }

        _stopped?.Throw();
        return call;
    }

    private Exception NothingRuns()
    {
        _stopped?.Throw();
        return Deadlock(null, null);
    }

    private void Resume(SimulatedThread thread)
    {
        if (thread.WaitingFor is { } waitable)
            Take(waitable, thread);
        Current = thread;
        thread.Resume();
        if (thread.IsDone && thread != _outside)
        {
            Touch(thread, AccessKind.Write);
            _threads.Remove(thread);
            if (_stopped is null)
                thread.Failure?.Throw();
        }
    }

    private void Take(Waitable waitable, SimulatedThread thread)
    {
        waitable.Take(thread);
        _observer?.OnTouch(waitable.Resource, 0, long.MaxValue, waitable.TakeAccess);
    }

    /// <summary>One step of the default schedule that does not run <paramref name="excluding"/>.</summary>
    private bool Step(SimulatedThread excluding)
    {
        for (int i = 0; i < _threads.Count; i++)
        {
            SimulatedThread thread = _threads[i];
            if (thread == excluding || !thread.CanRun)
                continue;
            Resume(thread);
            Current = excluding;
            return true;
        }

        foreach (IInterruptSource source in _sources)
        {
            if (source.PendingCount == 0)
                continue;
            FireInterrupt(source, 0);
            return true;
        }

        return false;
    }

    private Choice PickNext()
    {
        if (_stopped is not null)
            return default;
        IMachineObserver? observer = _observer;
        _observer = null; // asking who is ready is no part of a step
        ListChoices();
        _observer = observer;
        if (_choices.Count == 0)
            return default;
        ReadOnlySpan<Choice> choices = CollectionsMarshal.AsSpan(_choices);
        int pick = choices.Length == 1 || _strategy is null ? 0 : _strategy.Pick(this, choices);
        InvariantException.Require((uint)pick < (uint)choices.Length, "a strategy picks one of the choices on offer");
        if (_stopped is not null)
            return default;
        _observer?.OnStep(this, choices, pick);
        return _stopped is null ? choices[pick] : default;
    }

    private void ListChoices() // (2)
    {
        _choices.Clear();
        if (Current is { IsDone: false } current && current.WaitingFor is { } wanted && wanted.IsReady(current))
            _choices.Add(new Choice(current, null, 0, current.Id));
        if (_outside is { WaitingFor: { } outsideWants } outside && outside != Current && outsideWants.IsReady(outside))
            _choices.Add(new Choice(outside, null, 0, outside.Id));
        foreach (SimulatedThread thread in _threads)
        {
            if (thread != Current && thread.CanRun)
                _choices.Add(new Choice(thread, null, 0, thread.Id));
        }

        foreach (IInterruptSource source in _sources)
        {
            for (int i = 0; i < source.PendingCount; i++)
                _choices.Add(new Choice(null, source, i, source.PendingId(i)));
        }
    }

    private void FireInterrupt(IInterruptSource source, int index)
    {
        _inInterrupt = true;
        try
        {
            source.Fire(index);
        }
        catch (Exception failure) when (_strategy is not null)
        {
            Stop(failure); // it is the interrupt's failure, not that of the thread below which it fired
        }
        finally
        {
            _inInterrupt = false;
        }
    }

    private InterruptContextException WaitInInterrupt(Waitable waitable)
    {
        var violation = new InterruptContextException(waitable.Describe());
        if (_strategy is not null)
            Stop(violation); // whoever may swallow it
        return violation;
    }

    /// <summary>
    /// Ends a pending I/O out of turn, in interrupt context: the default schedule does this for the I/O that a thread waits for.
    /// </summary>
    public void FireNow(IInterruptSource source, int index) => FireInterrupt(source, index);

    private DeadlockException Deadlock(SimulatedThread? current, Waitable? waitable)
    {
        var threads = new List<WaitingThread>();
        if (current is not null && waitable is not null)
            threads.Add(Describe(current, waitable));
        if (_outside is { WaitingFor: { } wanted } && _outside != current)
            threads.Add(Describe(_outside, wanted));
        foreach (SimulatedThread thread in _threads)
        {
            if (thread != current && thread.WaitingFor is { } waited)
                threads.Add(Describe(thread, waited));
        }

        return new DeadlockException(threads);
    }

    private static WaitingThread Describe(SimulatedThread thread, Waitable waitable)
    {
        var holders = new List<SimulatedThread>();
        waitable.AddHolders(holders);
        return new WaitingThread(thread.Name, waitable.Describe(), [.. holders.Select(holder => holder.Name)]);
    }

    private sealed class YieldPoint(Machine machine) : Waitable(machine, WaitKind.Yield)
    {
        public string Where { get; set; } = "";

        public override string Describe() => Where;

        public override bool IsReady(SimulatedThread thread) => true;
    }
}
