using System.Runtime.InteropServices;
using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>What each step of a run touched, and what could have run instead.</summary>
internal sealed class FootprintLog
{
    private readonly List<RunStep> _steps = [];
    private readonly List<Access> _accesses = [];
    private readonly List<ScheduleActor> _offered = [];
    private readonly Dictionary<object, int> _resources = new(ReferenceEqualityComparer.Instance);

    /// <summary>The steps.</summary>
    public ReadOnlySpan<RunStep> Steps => CollectionsMarshal.AsSpan(_steps);

    public void Begin()
    {
        _steps.Clear();
        _accesses.Clear();
        _offered.Clear();
        _resources.Clear();
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
        if (!_resources.TryGetValue(resource, out int number))
            _resources.Add(resource, number = _resources.Count);
        var touched = new Access(number, first, end, access);
        ReadOnlySpan<Access> own = AccessesOf(_steps.Count - 1);
        if (own.Length == 0 || own[^1] != touched)
            _accesses.Add(touched);
    }

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
                bool commutes = a.Resource != b.Resource || a.First >= b.End || b.First >= a.End || (a.Kind == b.Kind && a.Kind != AccessKind.Write);
                if (!commutes)
                    return true;
            }
        }

        return false;
    }

    /// <summary>One touch. Resources are numbered in the order in which the run met them, so that equal prefixes of runs number them alike.</summary>
    internal readonly record struct Access(int Resource, long First, long End, AccessKind Kind);

    /// <summary>One step: who ran, and where its choices and touches begin.</summary>
    internal readonly record struct RunStep(ScheduleActor Actor, int Pick, int FirstChoice, int ChoiceCount, int FirstAccess, bool IsFair);
}
