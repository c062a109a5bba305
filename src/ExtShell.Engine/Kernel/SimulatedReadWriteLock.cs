using ExtShell.Format.Errors;

namespace ExtShell.Engine.Kernel;

/// <summary>A lock held by one thread exclusively or by several shared (<c>i_rwsem</c>); not recursive.</summary>
public sealed class SimulatedReadWriteLock
{
    private readonly string _name;
    private readonly Machine _machine;
    private readonly Side _shared;
    private readonly Side _exclusive;
    private int _sharedCount;
    private SimulatedThread? _holder;

    /// <summary>Makes it.</summary>
    public SimulatedReadWriteLock(Machine machine, string name)
    {
        _machine = machine;
        _name = name;
        _shared = new Side(machine, this, isExclusive: false);
        _exclusive = new Side(machine, this, isExclusive: true);
    }

    /// <summary>How many threads hold it shared.</summary>
    public int SharedCount => _sharedCount;

    /// <summary>Whether a thread holds it exclusively.</summary>
    public bool IsExclusivelyHeld => _holder is not null;

    /// <summary>Takes it shared.</summary>
    public Wait LockSharedAsync() => _shared.WaitAsync();

    /// <summary>Takes it exclusively.</summary>
    public Wait LockExclusiveAsync() => _exclusive.WaitAsync();

    /// <summary>Takes it shared if it can be had now.</summary>
    public bool TryLockShared()
    {
        if (_holder is not null)
            return false;
        _sharedCount++;
        return true;
    }

    /// <summary>Takes it exclusively if it can be had now.</summary>
    public bool TryLockExclusive()
    {
        if (_holder is not null || _sharedCount > 0)
            return false;
        _holder = _machine.Current;
        return true;
    }

    /// <summary>Gives a shared hold back.</summary>
    public void UnlockShared()
    {
        InvariantException.Require(_sharedCount > 0, "a lock is held shared when it is released so");
        _sharedCount--;
    }

    /// <summary>Gives the exclusive hold back.</summary>
    public void UnlockExclusive()
    {
        InvariantException.Require(_holder is not null, "a lock is held exclusively when it is released so");
        _holder = null;
    }

    /// <summary>Turns the exclusive hold into a shared one, with nothing in between.</summary>
    public void Downgrade()
    {
        UnlockExclusive();
        _sharedCount++;
    }

    private sealed class Side(Machine machine, SimulatedReadWriteLock owner, bool isExclusive) : Waitable(machine, WaitKind.Lock)
    {
        public override string Describe()
        {
            string held = owner._holder is { } holder ? $", held by {holder.Name}" : owner._sharedCount > 0 ? $", shared by {owner._sharedCount}" : "";
            return $"{owner._name} ({(isExclusive ? "exclusive" : "shared")}{held})";
        }

        public override bool IsReady(SimulatedThread thread) => owner._holder is null && (!isExclusive || owner._sharedCount == 0);

        protected internal override void Take(SimulatedThread thread)
        {
            if (isExclusive)
                owner._holder = thread;
            else
                owner._sharedCount++;
        }
    }
}
