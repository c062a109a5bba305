using ExtShell.Format.Errors;

namespace ExtShell.Engine.Kernel;

/// <summary>A lock held by one thread exclusively or by several shared (<c>i_rwsem</c>); not recursive.</summary>
public sealed class SimulatedReadWriteLock : IFootprint
{
    private readonly string _name;
    private readonly Machine _machine;
    private readonly Side _shared;
    private readonly Side _exclusive;
    private readonly List<SimulatedThread?> _sharers = [];
    private SimulatedThread? _holder;

    /// <summary>Makes it.</summary>
    public SimulatedReadWriteLock(Machine machine, string name)
    {
        _machine = machine;
        _name = name;
        _shared = new Side(machine, this, isExclusive: false);
        _exclusive = new Side(machine, this, isExclusive: true);
    }

    /// <inheritdoc/>
    public long FootprintKey => FootprintKeys.Of(_name);

    /// <summary>How many threads hold it shared.</summary>
    public int SharedCount
    {
        get
        {
            _machine.Touch(this, AccessKind.Read);
            return _sharers.Count;
        }
    }

    /// <summary>Whether a thread holds it exclusively.</summary>
    public bool IsExclusivelyHeld
    {
        get
        {
            _machine.Touch(this, AccessKind.Read);
            return _holder is not null;
        }
    }

    /// <summary>Takes it shared.</summary>
    public Wait LockSharedAsync() => _shared.WaitAsync();

    /// <summary>Takes it exclusively.</summary>
    public Wait LockExclusiveAsync() => _exclusive.WaitAsync();

    /// <summary>Takes it shared if it can be had now.</summary>
    public bool TryLockShared()
    {
        _machine.Touch(this, AccessKind.Write);
        if (_holder is not null)
            return false;
        _sharers.Add(_machine.Current);
        return true;
    }

    /// <summary>Takes it exclusively if it can be had now.</summary>
    public bool TryLockExclusive()
    {
        _machine.Touch(this, AccessKind.Write);
        if (_holder is not null || _sharers.Count > 0)
            return false;
        _holder = _machine.Current;
        return true;
    }

    /// <summary>Gives a shared hold back.</summary>
    public void UnlockShared()
    {
        InvariantException.Require(_sharers.Count > 0, "a lock is held shared when it is released so");
        _machine.Touch(this, AccessKind.Mark);
        int own = _sharers.LastIndexOf(_machine.Current); // one thread may give back what another took
        _sharers.RemoveAt(own >= 0 ? own : _sharers.Count - 1);
    }

    /// <summary>Gives the exclusive hold back.</summary>
    public void UnlockExclusive()
    {
        InvariantException.Require(_holder is not null, "a lock is held exclusively when it is released so");
        _machine.Touch(this, AccessKind.Write);
        _holder = null;
    }

    /// <summary>Turns the exclusive hold into a shared one, with nothing in between.</summary>
    public void Downgrade()
    {
        UnlockExclusive();
        _sharers.Add(_machine.Current);
    }

    private sealed class Side(Machine machine, SimulatedReadWriteLock owner, bool isExclusive) : Waitable(machine, WaitKind.Lock)
    {
        public override string Describe()
        {
            string held = owner._holder is { } holder ? $", held by {holder.Name}" : owner._sharers.Count > 0
                ? $", shared by {string.Join(", ", owner._sharers.Select(thread => thread?.Name))}" : "";
            return $"{owner._name} ({(isExclusive ? "exclusive" : "shared")}{held})";
        }

        public override object Resource => owner;

        public override AccessKind TakeAccess => isExclusive ? AccessKind.Write : AccessKind.Mark;

        public override bool IsReady(SimulatedThread thread) => owner._holder is null && (!isExclusive || owner._sharers.Count == 0);

        public override void AddHolders(List<SimulatedThread> into)
        {
            if (owner._holder is not null)
                into.Add(owner._holder);
            into.AddRange(owner._sharers.OfType<SimulatedThread>());
        }

        protected internal override void Take(SimulatedThread thread)
        {
            if (isExclusive)
                owner._holder = thread;
            else
                owner._sharers.Add(thread);
        }
    }
}
