using System.Runtime.ExceptionServices;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Kernel;

/// <content>Calls from outside, and the main loop that brings them to their end.</content>
public sealed partial class Machine
{
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
    public T Run<T>(Func<ValueTask<T>> body) => Run(static call => call(), body);

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

    private void Begin()
    {
#if WITHOUT_SEAM
        Current = _outside ??= new SimulatedThread(-1, "caller", ExecutionContextKind.Caller, null);
#else
        InvariantException.Require(_outside is null, "a call from outside does not nest in another");
        _savedContext = SynchronizationContext.Current;
        if (_savedContext is not null)
            SynchronizationContext.SetSynchronizationContext(null); // (4)
        _outside = _spareOutside ?? new SimulatedThread(-1, "caller", ExecutionContextKind.Caller, null);
        _spareOutside = null;
        _outside.MarkStarted();
        Current = _outside;
#endif
        Clock.Advance(1000);
    }

    private void End()
    {
#if !WITHOUT_SEAM
        _outside!.MarkDone();
        if (_outside.WaitingFor is null)
            _spareOutside = _outside; // one that was given up in a wait may still be resumed
        _outside = null;
        Current = null;
        _next = null;
        if (_savedContext is not null)
            SynchronizationContext.SetSynchronizationContext(_savedContext);
        _savedContext = null;
#endif
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

        ThrowIfStopped();
        return call;
    }

    /// <summary>With the places where the reason was thrown, if it was: an interrupt's is swallowed and thrown again here.</summary>
    private void ThrowIfStopped()
    {
        if (_stopped is not null)
            ExceptionDispatchInfo.Throw(_stopped);
    }

    private Exception NothingRuns()
    {
        ThrowIfStopped();
        return Deadlock(null, null);
    }

    private void Resume(SimulatedThread thread)
    {
        if (thread.WaitingFor is { } waitable)
            Take(waitable, thread);
        Current = thread; // (1)
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
}
