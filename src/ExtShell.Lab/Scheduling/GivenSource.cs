using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>One schedule, picked by a strategy that was handed in.</summary>
internal sealed class GivenSource(IScheduleStrategy strategy) : IScheduleSource
{
    public const string Origin = "a strategy of one's own";
    private bool _isHandedOut;

    public bool NeedsFootprints => false;

    public bool IsExhausted => false;

    public IReadOnlyList<ScheduleDecision> Decisions { get; private set; } = [];

    public IReadOnlyList<ScheduleMove> After { get; private set; } = [];

    public IScheduleStrategy? Next()
    {
        if (_isHandedOut)
            return null;
        _isHandedOut = true;
        return strategy;
    }

    public void Learn(IScheduleStrategy strategy, RunRecorder recorder, FootprintLog? footprints, in ProgramEnd end) =>
        (Decisions, After) = (recorder.Decisions(), recorder.After());

    public string Describe(IScheduleStrategy strategy) => Origin;
}
