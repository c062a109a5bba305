namespace ExtShell.Lab.Scheduling;

/// <summary>A step of the run that an exhaustive search varies: what was on offer, what is tried, what sleeps.</summary>
internal sealed class ExhaustiveNode(ScheduleActor[] choices, int pick, FootprintLog.Access[] footprint)
{
    private readonly List<Sleeper> _sleep = [];
    private readonly bool[] _isWanted = Wanted(choices.Length, pick);
    private readonly bool[] _isDone = new bool[choices.Length];

    /// <summary>What is tried now.</summary>
    public int Pick { get; private set; } = pick;

    /// <summary>What the step that is tried now touched.</summary>
    public FootprintLog.Access[] Footprint { get; set; } = footprint;

    /// <summary>Those that lead nowhere new here.</summary>
    public IReadOnlyList<Sleeper> Sleep => _sleep;

    /// <summary>Who slept before this node's parent made its step, and is not woken by it, sleeps here.</summary>
    public void Inherit(ExhaustiveNode parent)
    {
        foreach (Sleeper sleeper in parent._sleep)
        {
            if (sleeper.Actor != parent.Picked && !FootprintLog.Conflict(sleeper.Footprint, parent.Footprint))
                _sleep.Add(sleeper);
        }
    }

    public ScheduleActor Picked => choices[Pick];

    public bool Offers(ScheduleActor actor) => Array.IndexOf(choices, actor) >= 0;

    public bool IsTried(ScheduleActor actor) => _isWanted[Array.IndexOf(choices, actor)];

    /// <summary>Says that an actor is to be tried, if it was on offer.</summary>
    public bool TryAdd(ScheduleActor actor)
    {
        int index = Array.IndexOf(choices, actor);
        if (index >= 0)
            _isWanted[index] = true;
        return index >= 0;
    }

    public void AddAll() => Array.Fill(_isWanted, true);

    /// <summary>Turns to the next choice that is to be tried and does not sleep; what was tried sleeps from now on.</summary>
    public bool TryNext()
    {
        if (!_isDone[Pick])
            _sleep.Add(new Sleeper(Picked, Footprint));
        _isDone[Pick] = true;
        for (int i = 0; i < choices.Length; i++)
        {
            if (!_isWanted[i] || _isDone[i] || _sleep.Exists(sleeper => sleeper.Actor == choices[i]))
                continue;
            Pick = i;
            return true;
        }

        return false;
    }

    private static bool[] Wanted(int count, int pick)
    {
        var wanted = new bool[count];
        wanted[pick] = true;
        return wanted;
    }

    /// <summary>An actor that was tried, with what its step touched.</summary>
    internal readonly record struct Sleeper(ScheduleActor Actor, FootprintLog.Access[] Footprint);
}
