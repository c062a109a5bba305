using System.Runtime.InteropServices;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Kernel;

/// <content>Who goes on at a wait, and who runs next.</content>
public sealed partial class Machine
{
    internal bool TryPass(Waitable waitable)
    {
#if WITHOUT_SEAM
        return TryPassByDefault(waitable, Current!);
#else
        if (_inInterrupt)
            throw WaitInInterrupt(waitable); // (3)
        SimulatedThread current = Current ?? throw new InvariantException("only a simulated thread waits");
        return _strategy is null ? TryPassByDefault(waitable, current) : TryPassByStrategy(waitable, current);
#endif
    }

    internal void Suspend(Waitable waitable, Action continuation)
    {
        SimulatedThread current = Current!;
        current.WaitingFor = waitable;
        current.Continuation = continuation;
    }

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
}
