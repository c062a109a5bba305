using ExtShell.Engine.Kernel;

namespace ExtShell.TestTools.Defects;

/// <summary>
/// A schedule by stages: in each, one thread runs until it stops at a named place, and is held there; where it cannot go on, the oldest I/O
/// ends, or another thread goes on that is not held. When the stages are over nobody is held, and the first choice is taken.
/// </summary>
/// <param name="stages">Who runs, and until it stops at a place whose description contains what; null for its end.</param>
public sealed class ScriptedStrategy(params IReadOnlyList<(string Thread, string? Until)> stages) : IScheduleStrategy
{
    private readonly HashSet<string> _held = [];
    private int _stage;

    /// <inheritdoc/>
    public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
    {
        for (; _stage < stages.Count; _stage++)
        {
            (string name, string? until) = stages[_stage];
            SimulatedThread? thread = machine.Threads.FirstOrDefault(candidate => candidate.Name == name);
            bool isThere = thread is null
                || (until is not null && thread.WaitingFor?.Describe().Contains(until, StringComparison.Ordinal) == true);
            if (!isThere)
                return PickFor(name, choices);
            _held.Add(name);
        }

        return 0;
    }

    private int PickFor(string name, ReadOnlySpan<Choice> choices)
    {
        int end = -1, other = -1;
        for (int i = choices.Length - 1; i >= 0; i--)
        {
            if (choices[i].Thread is not { } thread)
                end = i;
            else if (thread.Name == name)
                return i;
            else if (!_held.Contains(thread.Name))
                other = i;
        }

        return end >= 0 ? end : Math.Max(other, 0);
    }
}
