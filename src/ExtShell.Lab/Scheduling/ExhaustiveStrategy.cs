using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Scheduling;

/// <summary>Goes to the node that is tried anew, and from there on takes the first choice that does not sleep.</summary>
internal sealed class ExhaustiveStrategy : IScheduleStrategy
{
    private readonly int[] _picks;
    private readonly int _given;
    private readonly List<ExhaustiveNode.Sleeper> _sleep = [];
    private FootprintLog _log = null!;
    private int _read;

    public ExhaustiveStrategy(IReadOnlyList<ExhaustiveNode> nodes)
    {
        _given = nodes.Count;
        _picks = [.. nodes.Select(node => node.Pick)];
        if (nodes.Count > 0)
            _sleep.AddRange(nodes[^1].Sleep);
    }

    /// <summary>The log of the run that it drives.</summary>
    public void Attach(FootprintLog log) => _log = log;

    public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
    {
        int step = _log.MadeCount;
        if (step < _given)
        {
            InvariantException.Require(_picks[step] < choices.Length,
                "a run is a function of its inputs: what was on offer is on offer again");
            return _picks[step];
        }

        Wake();
        for (int i = 0; i < choices.Length; i++)
        {
            var actor = ScheduleActor.Of(choices[i]);
            if (!_sleep.Exists(sleeper => sleeper.Actor == actor))
                return i;
        }

        machine.Stop(new RunEndedException(isRedundant: true));
        return 0;
    }

    /// <summary>
    /// Where only a sleeper could go on, the run shows nothing new, and ends before its step: made, it would count among those that could
    /// have come in the place of others, and hide who is to be tried there.
    /// </summary>
    public void OnOnlyChoice(Machine machine, in Choice choice)
    {
        if (_log.MadeCount < _given)
            return;
        Wake();
        var actor = ScheduleActor.Of(choice);
        if (_sleep.Exists(sleeper => sleeper.Actor == actor))
            machine.Stop(new RunEndedException(isRedundant: true));
    }

    /// <summary>Who conflicts with a step that was made sleeps no more.</summary>
    private void Wake()
    {
        for (int step = Math.Max(_read, _given - 1); step < _log.MadeCount; step++)
        {
            if (step < 0)
                continue;
            ScheduleActor actor = _log.Steps[step].Actor;
            for (int i = _sleep.Count - 1; i >= 0; i--)
            {
                InvariantException.Require(_sleep[i].Actor != actor, "who sleeps makes no step");
                if (FootprintLog.Conflict(_sleep[i].Footprint, _log.AccessesOf(step)))
                    _sleep.RemoveAt(i);
            }
        }

        _read = _log.MadeCount;
    }
}
