using ExtShell.Format.Errors;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Crash;

/// <summary>Finds a small scenario that still shows what a big one showed.</summary>
/// <remarks>
/// (1) Rounds until one changes nothing: take operations out, in halves, quarters, … one by one, last ones first; then simplify what is
/// around them (threads, switches, device, mount); then the arguments of each operation.
/// (2) A step is kept if the scenario still shows it, and keeps what the options want kept, so that every scenario on the way does.
/// (3) No scenario is run twice; what is tried, and in which order, depends on the scenario alone.
/// (4) Every simplification makes a scenario smaller in a well-founded order (fewer operations, then simpler ones), so that rounds end.
/// </remarks>
public sealed class Shrinker
{
    private readonly Func<Scenario, bool> _stillShows;
    private readonly ShrinkOptions _options;
    private readonly HashSet<string> _tried = [];
    private Scenario _smallest = new();
    private int _runs;

    /// <summary>Prepares it.</summary>
    /// <param name="stillShows">Runs a scenario and says whether it shows what is looked for. Must be a function of the scenario.</param>
    /// <param name="options">How far to go.</param>
    public Shrinker(Func<Scenario, bool> stillShows, ShrinkOptions? options = null) =>
        (_stillShows, _options) = (stillShows, options ?? new ShrinkOptions());

    /// <summary>Shrinks a scenario that shows it.</summary>
    /// <exception cref="InvariantException">It does not show it to begin with.</exception>
    public ShrinkResult Shrink(Scenario scenario)
    {
        _tried.Clear();
        _runs = 0;
        _smallest = scenario;
        InvariantException.Require(_stillShows(scenario), "what is to be shrunk shows what is looked for");
        bool isChanged = true;
        while (isChanged && !IsOver)
            isChanged = RemoveOperations() | SimplifySurroundings() | SimplifyOperations(); // (1)
        return new ShrinkResult(_smallest, _runs, !isChanged);
    }

    private bool IsOver => _runs >= _options.MostRuns || _options.Cancellation.IsCancellationRequested;

    private bool RemoveOperations()
    {
        bool isChanged = false;
        for (int length = Math.Max(1, _smallest.OperationCount / 2); length >= 1; length /= 2)
        {
            for (int start = _smallest.OperationCount - length; start > -length && !IsOver; start -= length)
            {
                int first = Math.Max(0, start);
                if (first < _smallest.OperationCount)
                    isChanged |= Try(ScenarioEdits.Without(_smallest, first, start + length - first));
            }
        }

        return isChanged;
    }

    private bool SimplifySurroundings()
    {
        bool isChanged = false;
        bool isMoving = true;
        while (isMoving)
        {
            isMoving = false;
            foreach (Scenario simpler in ScenarioEdits.SimplerSurroundings(_smallest))
                isMoving |= !IsOver && Try(simpler);
            isChanged |= isMoving;
        }

        return isChanged;
    }

    private bool SimplifyOperations()
    {
        bool isChanged = false;
        for (int index = 0; index < _smallest.OperationCount; index++)
        {
            bool isMoving = true;
            while (isMoving && !IsOver)
            {
                isMoving = false;
                foreach (Operation simpler in OperationEdits.Simpler(ScenarioEdits.At(_smallest, index), index))
                {
                    if (IsOver || !Try(ScenarioEdits.With(_smallest, index, simpler)))
                        continue;
                    isMoving = true;
                    isChanged = true;
                    break;
                }
            }
        }

        return isChanged;
    }

    private bool Try(Scenario scenario)
    {
        if (!_tried.Add(scenario.ToText())) // (3)
            return false;
        _runs++;
        bool shows = _stillShows(scenario) && (_options.Keeps?.Invoke(scenario) ?? true);
        if (shows)
            _smallest = scenario; // (2)
        _options.Progress?.Report(new ShrinkProgress(_runs, _smallest.OperationCount));
        return shows;
    }
}
