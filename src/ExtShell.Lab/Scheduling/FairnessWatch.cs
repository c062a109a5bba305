using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>Watches a run for threads that run without getting anywhere, and for threads that never get their turn.</summary>
/// <remarks>
/// (1) Progress is an operation that returns, or a thread that ends. (2) After so many steps without progress the schedule is made fair:
/// whoever has waited longest to be picked goes on, whatever the strategy says. (3) After as many fair steps without progress it is a
/// livelock. (4) A lock that others took so often while a thread waited for it is starvation.
/// </remarks>
internal sealed class FairnessWatch
{
    private readonly Dictionary<ScheduleActor, int> _lastPicked = [];
    private readonly Dictionary<SimulatedThread, (object Lock, int Count)> _overtakes = [];
    private readonly List<string> _labels = [];
    private ScheduleOptions _options = ScheduleOptions.Default;
    private Func<long>? _progress;
    private long _lastProgress;
    private int _stepsWithout;

    /// <summary>Whether the schedule is made fair now. (2)</summary>
    public bool IsFair => _stepsWithout >= _options.FairSteps;

    public void Begin(ScheduleOptions options, Func<long>? progress)
    {
        (_options, _progress) = (options, progress);
        _lastProgress = long.MinValue;
        _stepsWithout = 0;
        _lastPicked.Clear();
        _overtakes.Clear();
        _labels.Clear();
    }

    /// <summary>Who waited longest to be picked.</summary>
    public int PickFairly(ReadOnlySpan<Choice> choices)
    {
        int best = 0;
        for (int i = 1; i < choices.Length; i++)
        {
            if (LastPicked(choices[i]) < LastPicked(choices[best]))
                best = i;
        }

        return best;
    }

    public void OnStep(Machine machine, in Choice choice)
    {
        if (choice.Thread is { WaitingFor: { Kind: WaitKind.Lock } taken } thread)
            CountOvertakes(machine, thread, taken);
        if ((++_stepsWithout & 63) != 0 && !IsFair)
            return;
        long progress = (_progress?.Invoke() ?? 0) - machine.Threads.Count;
        if (progress != _lastProgress) // (1)
        {
            _lastProgress = progress;
            _stepsWithout = 0;
            _labels.Clear();
            return;
        }

        if (!IsFair)
            return;
        _lastPicked[ScheduleActor.Of(choice)] = _stepsWithout;
        _labels.Add(choice.Describe());
        if (_stepsWithout >= 2 * _options.FairSteps)
            machine.Stop(new LivelockException(_stepsWithout, Cycle())); // (3)
    }

    private int LastPicked(in Choice choice) => _lastPicked.GetValueOrDefault(ScheduleActor.Of(choice));

    private void CountOvertakes(Machine machine, SimulatedThread runs, Waitable taken)
    {
        _overtakes.Remove(runs);
        foreach (SimulatedThread thread in machine.Threads)
        {
            if (thread == runs || thread.WaitingFor is not { Kind: WaitKind.Lock } wanted || wanted.Resource != taken.Resource)
                continue;
            int count = _overtakes.TryGetValue(thread, out (object Lock, int Count) known) && known.Lock == wanted.Resource
                ? known.Count + 1 : 1;
            _overtakes[thread] = (wanted.Resource, count);
            if (count > _options.MostOvertakes)
                machine.Stop(new StarvationException(thread.Name, wanted.Describe(), count)); // (4)
        }
    }

    /// <summary>
    /// The shortest sequence of steps that the fair part of the run ends with three times; its last hundred steps if there is none.
    /// </summary>
    private List<string> Cycle()
    {
        const int mostShown = 100;
        for (int length = 1; length <= _labels.Count / 3; length++)
        {
            int compared = 2 * length;
            int at = _labels.Count - 1;
            while (compared > 0 && _labels[at] == _labels[at - length])
                (compared, at) = (compared - 1, at - 1);
            if (compared == 0)
                return _labels[^length..];
        }

        return _labels[^Math.Min(mostShown, _labels.Count)..];
    }
}
