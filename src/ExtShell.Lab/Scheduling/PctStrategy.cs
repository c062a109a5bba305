using ExtShell.Engine.Kernel;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// Probabilistic concurrency testing. Each thread, and each I/O when it is first seen, gets a random priority; the highest on offer goes
/// on. At d − 1 decisions chosen beforehand the one that would go on falls below all others. A bug that needs d ordering constraints among
/// n threads and k decisions is shown with probability of at least 1 / (n k^(d−1)).
/// </summary>
public sealed class PctStrategy : IScheduleStrategy
{
    private readonly Dice _dice;
    private readonly int[] _changes;
    private readonly Dictionary<ScheduleActor, long> _priorities = [];
    private int _decision;
    private int _lowest;

    /// <summary>Makes it.</summary>
    /// <param name="seed">What chance is derived from.</param>
    /// <param name="depth">d: 1 or more.</param>
    /// <param name="expectedDecisions">k: among how many decisions the changes are chosen.</param>
    public PctStrategy(ulong seed, int depth, int expectedDecisions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(expectedDecisions, 1);
        _dice = new Dice(seed);
        _changes = new int[depth - 1];
        for (int i = 0; i < _changes.Length; i++)
            _changes[i] = _dice.Below(expectedDecisions);
    }

    /// <inheritdoc/>
    public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
    {
        int best = Highest(choices);
        if (Array.IndexOf(_changes, _decision++) >= 0)
        {
            _priorities[ScheduleActor.Of(choices[best])] = --_lowest;
            best = Highest(choices);
        }

        return best;
    }

    private int Highest(ReadOnlySpan<Choice> choices)
    {
        int best = 0;
        for (int i = 1; i < choices.Length; i++)
        {
            if (Priority(choices[i]) > Priority(choices[best]))
                best = i;
        }

        return best;
    }

    private long Priority(in Choice choice)
    {
        ScheduleActor actor = ScheduleActor.Of(choice);
        if (!_priorities.TryGetValue(actor, out long priority))
            _priorities.Add(actor, priority = (long)(_dice.Next() >> 2) + 1);
        return priority;
    }
}
