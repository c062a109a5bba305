namespace ExtShell.Engine.Kernel;

/// <summary>Something to wait for. Readiness is asked, not signalled, so that no wake-up can be lost and none has to be modelled.</summary>
/// <remarks>
/// (1) <see cref="IsReady"/> is pure. (2) <see cref="Take"/> runs once, when the waiting thread is picked, with nothing in between that
/// could make the waitable unready again.
/// </remarks>
public abstract class Waitable
{
    /// <summary>Makes it.</summary>
    protected Waitable(Machine machine, WaitKind kind)
    {
        Machine = machine;
        Kind = kind;
    }

    /// <summary>The machine on which threads wait for it.</summary>
    public Machine Machine { get; }

    /// <summary>Which entry of the closed list it is.</summary>
    public WaitKind Kind { get; }

    /// <summary>What is waited for, in words.</summary>
    public abstract string Describe();

    /// <summary>Whether the thread could go on now.</summary>
    public abstract bool IsReady(SimulatedThread thread);

    /// <summary>What readiness depends on, as footprints name it: whoever changes readiness touches it too.</summary>
    public virtual object Resource => this;

    /// <summary>How taking it touches <see cref="Resource"/>.</summary>
    public virtual AccessKind TakeAccess => AccessKind.Read;

    /// <summary>Adds the threads that would have to let go of it, as far as they are known.</summary>
    public virtual void AddHolders(List<SimulatedThread> into)
    {
    }

    /// <summary>Takes what was waited for (a lock, an item).</summary>
    protected internal virtual void Take(SimulatedThread thread)
    {
    }

    /// <summary>
    /// Makes progress towards readiness without running a thread, if it can: a waited I/O ends. Used by the default schedule only.
    /// </summary>
    protected internal virtual bool TryAdvance() => false;

    /// <summary>The wait, to be awaited at once.</summary>
    public Wait WaitAsync() => new(this);
}
