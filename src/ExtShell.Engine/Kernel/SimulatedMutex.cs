using ExtShell.Format.Errors;

namespace ExtShell.Engine.Kernel;

/// <summary>A lock that one thread holds at a time; not recursive. The holder is kept for reports.</summary>
public sealed class SimulatedMutex : Waitable, IFootprint
{
    private readonly string _name;

    /// <summary>Makes it.</summary>
    public SimulatedMutex(Machine machine, string name)
        : base(machine, WaitKind.Lock) => _name = name;

    /// <inheritdoc/>
    public long FootprintKey => FootprintKeys.Of(_name);

    /// <summary>Who holds it.</summary>
    public SimulatedThread? Holder { get; private set; }

    /// <summary>Whether a thread holds it.</summary>
    public bool IsHeld
    {
        get
        {
            Machine.Touch(this, AccessKind.Read);
            return Holder is not null;
        }
    }

    /// <inheritdoc/>
    public override string Describe() => Holder is null ? _name : $"{_name}, held by {Holder.Name}";

    /// <inheritdoc/>
    public override bool IsReady(SimulatedThread thread) => Holder is null;

    /// <summary>Takes it when it is free.</summary>
    public Wait LockAsync() => WaitAsync();

    /// <inheritdoc/>
    public override AccessKind TakeAccess => AccessKind.Write;

    /// <inheritdoc/>
    public override void AddHolders(List<SimulatedThread> into)
    {
        if (Holder is not null)
            into.Add(Holder);
    }

    /// <summary>Takes it if it is free now.</summary>
    public bool TryLock()
    {
        Machine.Touch(this, AccessKind.Write);
        if (Holder is not null)
            return false;
        Holder = Machine.Current;
        return true;
    }

    /// <summary>Gives it back.</summary>
    public void Unlock()
    {
        InvariantException.Require(Holder is not null, "a mutex is held when it is released");
        Machine.Touch(this, AccessKind.Write);
        Holder = null;
    }

    /// <inheritdoc/>
    protected internal override void Take(SimulatedThread thread) => Holder = thread;
}
