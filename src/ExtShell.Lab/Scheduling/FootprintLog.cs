using System.Runtime.InteropServices;
using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>What each step of a run touched, and what could have run instead.</summary>
internal sealed class FootprintLog
{
    private readonly List<RunStep> _steps = [];
    private readonly List<Access> _accesses = [];
    private readonly List<ScheduleActor> _offered = [];
    private int _pendingFrom;
    private bool _isOver;

    /// <summary>The steps.</summary>
    public ReadOnlySpan<RunStep> Steps => CollectionsMarshal.AsSpan(_steps);

    public void Begin()
    {
        _steps.Clear();
        _accesses.Clear();
        _offered.Clear();
        _isOver = false;
    }

    public void OnStep(ReadOnlySpan<Choice> choices, int pick, bool isFair)
    {
        int firstChoice = _offered.Count;
        foreach (ref readonly Choice choice in choices)
            _offered.Add(ScheduleActor.Of(choice));
        _steps.Add(new RunStep(_offered[firstChoice + pick], pick, firstChoice, choices.Length, _accesses.Count, isFair));
    }

    public void OnTouch(object resource, long first, long end, AccessKind access)
    {
        if (_steps.Count == 0)
            return;
        long key = resource switch
        {
            string name => FootprintKeys.Of(name),
            IFootprint known => known.FootprintKey,
            _ => 0,
        };
        var touched = new Access(resource.GetType(), key, first, end, access);
        int own = _steps[^1].FirstAccess;
        if (_accesses.Count == own || _accesses[^1] != touched)
            _accesses.Add(touched);
    }

    /// <summary>The run is over: what threads still wait for counts as steps that were never made.</summary>
    public void End(Machine machine)
    {
        _pendingFrom = _steps.Count;
        foreach (SimulatedThread thread in machine.Threads)
        {
            if (thread.IsDone || thread.WaitingFor is not { } waitable)
                continue;
            _steps.Add(new RunStep(new ScheduleActor(false, thread.Id), 0, 0, 0, _accesses.Count, true));
            OnTouch(waitable.Resource, 0, long.MaxValue, waitable.TakeAccess);
        }

        _isOver = true;
    }

    /// <summary>How many steps were made.</summary>
    public int MadeCount => _isOver ? _pendingFrom : _steps.Count;

    public ReadOnlySpan<ScheduleActor> ChoicesOf(int step) =>
        CollectionsMarshal.AsSpan(_offered).Slice(_steps[step].FirstChoice, _steps[step].ChoiceCount);

    public ReadOnlySpan<Access> AccessesOf(int step)
    {
        int first = _steps[step].FirstAccess;
        int end = step + 1 < _steps.Count ? _steps[step + 1].FirstAccess : _accesses.Count;
        return CollectionsMarshal.AsSpan(_accesses)[first..end];
    }

    /// <summary>Whether two steps conflict: whether their order may matter.</summary>
    public static bool Conflict(ReadOnlySpan<Access> left, ReadOnlySpan<Access> right)
    {
        foreach (ref readonly Access a in left)
        {
            foreach (ref readonly Access b in right)
            {
                bool commutes = a.Key != b.Key || a.Type != b.Type || a.First >= b.End || b.First >= a.End || (a.Kind == b.Kind
                    && a.Kind != AccessKind.Write);
                if (!commutes)
                    return true;
            }
        }

        return false;
    }

    /// <summary>One touch. Type and key name the resource in every run alike.</summary>
    internal readonly record struct Access(Type Type, long Key, long First, long End, AccessKind Kind);

    /// <summary>One step: who ran, and where its choices and touches begin. A fair step was no decision of the strategy's.</summary>
    internal readonly record struct RunStep(ScheduleActor Actor, int Pick, int FirstChoice, int ChoiceCount, int FirstAccess, bool IsFair);
}
