using System.Globalization;
using ExtShell.Engine.Kernel;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>Schedules by chance: random ones, or PCT's. Each has a seed of its own, derived from the search's and its number.</summary>
internal sealed class ChanceSource(ScheduleOptions options) : IScheduleSource
{
    private readonly Dictionary<IScheduleStrategy, ulong> _seeds = new(ReferenceEqualityComparer.Instance);
    private readonly Dice _dice = new(options.Seed);
    private int _decisions = options.PctDecisions;
    private bool _hasFirst;

    public bool NeedsFootprints => false;

    public bool IsExhausted => false;

    public IScheduleStrategy? Next()
    {
        ulong seed = _dice.Next();
        if (options.Strategy == SearchStrategy.Random)
            return Remember(new RandomStrategy(seed), seed);
        if (_decisions > 0)
            return Remember(new PctStrategy(seed, options.PctDepth, _decisions), seed);
        if (_hasFirst)
            return null; // the first run says how many decisions there may be
        _hasFirst = true;
        return Remember(new PctStrategy(seed, 1, 1), seed);
    }

    public void Learn(IScheduleStrategy strategy, RunRecorder recorder, FootprintLog? footprints, in ProgramEnd end)
    {
        _seeds.Remove(strategy);
        if (options.PctDecisions == 0)
            _decisions = Math.Max(_decisions, recorder.StepCount); // each may be a decision under another schedule
    }

    public string Describe(IScheduleStrategy strategy) => options.Strategy == SearchStrategy.Random
        ? string.Create(CultureInfo.InvariantCulture, $"random, seed {_seeds[strategy]}")
        : string.Create(CultureInfo.InvariantCulture, $"PCT, depth {options.PctDepth}, seed {_seeds[strategy]}");

    private IScheduleStrategy Remember(IScheduleStrategy strategy, ulong seed)
    {
        _seeds.Add(strategy, seed);
        return strategy;
    }
}
