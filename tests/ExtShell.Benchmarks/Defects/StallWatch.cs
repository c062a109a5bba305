using ExtShell.Engine.Kernel;

namespace ExtShell.TestTools.Defects;

/// <summary>Watches a fair schedule for a livelock: so many steps in a row without progress, and what they repeat.</summary>
/// <param name="progress">How much was achieved: any change is progress.</param>
/// <param name="mostSteps">How many steps without progress are a livelock.</param>
public sealed class StallWatch(Func<long> progress, long mostSteps) : IMachineObserver
{
    private const int Remembered = 300;
    private readonly List<string> _labels = [];
    private long _lastProgress = -1;
    private long _stepsWithout;

    /// <summary>Whether nothing was achieved for too long.</summary>
    public bool IsStalled => _stepsWithout >= mostSteps;

    /// <inheritdoc/>
    public void OnStep(Machine machine, ReadOnlySpan<Choice> choices, int pick)
    {
        if (IsStalled)
            return;
        long achieved = progress();
        if (achieved != _lastProgress)
        {
            (_lastProgress, _stepsWithout) = (achieved, 0);
            _labels.Clear();
            return;
        }

        if (++_stepsWithout > mostSteps - Remembered)
            _labels.Add(choices[pick].Describe());
    }

    /// <inheritdoc/>
    public void OnTouch(object resource, long first, long end, AccessKind access)
    {
    }

    /// <summary>The shortest sequence of steps that the last ones repeat three times; empty if there is none.</summary>
    public IReadOnlyList<string> FindCycle()
    {
        for (int length = 1; length <= _labels.Count / 3; length++)
        {
            int first = _labels.Count - (2 * length);
            if (Enumerable.Range(first, 2 * length).All(at => _labels[at] == _labels[at - length]))
                return _labels[^length..];
        }

        return [];
    }
}
