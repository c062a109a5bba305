using System.Runtime.InteropServices;
using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// Stands between a machine and a strategy: records the decisions, watches for livelock and starvation, bounds the run, and hands
/// footprints on. It is used for one run after the other.
/// </summary>
internal sealed class RunRecorder : IScheduleStrategy, IMachineObserver
{
    private readonly FairnessWatch _watch = new();
    private readonly List<int> _picks = [];
    private readonly List<int> _ends = [];
    private readonly List<ScheduleActor> _offered = [];
    private readonly List<ScheduleStepKind> _kinds = []; // of what was offered
    private readonly List<ScheduleMove> _only = []; // steps where only one thing could happen
    private readonly List<int> _onlyEnds = []; // of those before each decision
    private ReplayStrategy? _replay;
    private ExhaustiveStrategy? _exhaustive;
    private bool _wasFair;
    private IScheduleStrategy _strategy = null!;
    private ScheduleOptions _options = ScheduleOptions.Default;
    private FootprintLog? _footprints;

    /// <summary>Writes the steps down in words; null where nobody reads them.</summary>
    public StepNarrator? Narrator { get; set; }

    /// <summary>Whether decisions are the strategy's; before and after the part that is explored the first choice is taken.</summary>
    public bool IsActive { get; set; }

    /// <summary>How many decisions were made.</summary>
    public int DecisionCount => _picks.Count;

    /// <summary>How many steps ran.</summary>
    public int StepCount { get; private set; }

    public void Begin(IScheduleStrategy strategy, ScheduleOptions options, FootprintLog? footprints)
    {
        (_strategy, _options, _footprints) = (strategy, options, footprints);
        _picks.Clear();
        _ends.Clear();
        _offered.Clear();
        _kinds.Clear();
        _only.Clear();
        _onlyEnds.Clear();
        _replay = strategy as ReplayStrategy;
        IsLeftUnvaried = _wasFair = false;
        _footprints?.Begin();
        _exhaustive = strategy as ExhaustiveStrategy;
        _exhaustive?.Attach(footprints!);
        StepCount = StrategyDecisionCount = 0;
        IsActive = false;
    }

    /// <summary>The explored part of the run begins.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="progress">How many operations have returned; null where only threads that end are progress.</param>
    public void Activate(Machine machine, Func<long>? progress)
    {
        _watch.Begin(_options, progress);
        machine.Observer = this;
        IsActive = true;
    }

    /// <summary>The explored part of the run is over.</summary>
    public void Deactivate(Machine machine)
    {
        machine.Observer = null;
        IsActive = false;
        Narrator?.End();
        _footprints?.End(machine);
    }

    /// <inheritdoc/>
    public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
    {
        if (!IsActive)
            return 0;
        int pick = _watch.IsFair ? _watch.PickFairly(choices) : _strategy.Pick(machine, choices);
        if (!_watch.IsFair && StrategyDecisionCount == _picks.Count)
            StrategyDecisionCount++;
        _picks.Add(pick);
        foreach (ref readonly Choice choice in choices)
        {
            var move = ScheduleMove.Of(choice);
            _offered.Add(move.Actor);
            _kinds.Add(move.Kind);
        }

        _ends.Add(_offered.Count);
        _onlyEnds.Add(_only.Count);
        return pick;
    }

    /// <inheritdoc/>
    public void OnStep(Machine machine, ReadOnlySpan<Choice> choices, int pick)
    {
        if (++StepCount > _options.MostSteps || _options.Cancellation.IsCancellationRequested)
            machine.Stop(new RunEndedException(isRedundant: false));
        if (choices.Length == 1)
        {
            _only.Add(ScheduleMove.Of(choices[0]));
            _replay?.OnOnlyChoice(machine, choices[0]);
            _exhaustive?.OnOnlyChoice(machine, choices[0]);
            if (machine.IsStopped)
                return;
        }

        _watch.OnStep(machine, choices[pick]);
        _wasFair |= _watch.IsFair;
        IsLeftUnvaried |= _wasFair && choices.Length > 1;
        Narrator?.OnStep(choices, pick);
        _footprints?.OnStep(choices, pick, isFair: _watch.IsFair);
    }

    /// <inheritdoc/>
    public void OnTouch(object resource, long first, long end, AccessKind access) => _footprints?.OnTouch(resource, first, end, access);

    /// <summary>The decisions so far.</summary>
    public IReadOnlyList<ScheduleDecision> Decisions()
    {
        var decisions = new ScheduleDecision[_picks.Count];
        int start = 0;
        int onlyStart = 0;
        for (int i = 0; i < decisions.Length; i++)
        {
            decisions[i] = new ScheduleDecision(_picks[i], _offered[start.._ends[i]])
            {
                Kinds = _kinds[start.._ends[i]], Before = _only[onlyStart.._onlyEnds[i]],
            };
            (start, onlyStart) = (_ends[i], _onlyEnds[i]);
        }

        return decisions;
    }

    /// <summary>The steps behind the last decision, where only one thing could happen.</summary>
    public IReadOnlyList<ScheduleMove> After() => _only[(_onlyEnds.Count == 0 ? 0 : _onlyEnds[^1])..];

    /// <summary>Whether a decision was made for fairness, or behind one: an exhaustive search does not vary it.</summary>
    public bool IsLeftUnvaried { get; private set; }

    /// <summary>How many decisions the strategy made, before fairness took over.</summary>
    public int StrategyDecisionCount { get; private set; }

    /// <summary>What was picked.</summary>
    public int PickOf(int decision) => _picks[decision];

    /// <summary>What was on offer.</summary>
    public ReadOnlySpan<ScheduleActor> ChoicesOf(int decision)
    {
        int start = decision == 0 ? 0 : _ends[decision - 1];
        return CollectionsMarshal.AsSpan(_offered)[start.._ends[decision]];
    }

    /// <summary>All picks.</summary>
    public int[] Picks() => [.. _picks];
}
