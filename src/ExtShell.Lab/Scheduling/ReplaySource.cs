using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>One schedule, replayed.</summary>
internal sealed class ReplaySource(Schedule schedule) : IScheduleSource
{
    private readonly ReplayStrategy _strategy = new(schedule);
    private bool _isHandedOut;

    public bool NeedsFootprints => false;

    public bool IsExhausted => false;

    public ReplayDivergedException? Divergence => _strategy.Divergence;

    public IReadOnlyList<ScheduleDecision> Decisions { get; private set; } = [];

    public IScheduleStrategy? Next()
    {
        if (_isHandedOut)
            return null;
        _isHandedOut = true;
        return _strategy;
    }

    public void Learn(IScheduleStrategy strategy, RunRecorder recorder, FootprintLog? footprints, in ProgramEnd end)
    {
        _strategy.End(isByBound: end.Failure is LivelockException or StarvationException or RunEndedException);
        Decisions = recorder.Decisions();
    }

    public string Describe(IScheduleStrategy strategy) => schedule.Origin;
}
