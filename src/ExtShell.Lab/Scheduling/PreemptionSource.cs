using System.Globalization;
using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// Preemption-bounded schedules: all without a preemption, then all with one, up to the bound (<see cref="PreemptionMeasure"/> says
/// what counts).
/// </summary>
/// <remarks>
/// (1) A run makes the picks it is given and then takes the first choice each time; each other choice at each decision behind the given
/// ones is a schedule of its own, at the level that its preemptions add up to. So every schedule is run once. (2) Levels in order; within
/// one, newest first, which keeps few waiting. (3) Decisions that were made for fairness are not varied.
/// </remarks>
internal sealed class PreemptionSource : IScheduleSource
{
    private readonly Stack<PrefixStrategy>[] _waiting;

    public PreemptionSource(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bound);
        _waiting = new Stack<PrefixStrategy>[bound + 1];
        for (int level = 0; level <= bound; level++)
            _waiting[level] = new Stack<PrefixStrategy>();
        _waiting[0].Push(new PrefixStrategy([], 0, -1, 0));
    }

    public bool NeedsFootprints => false;

    public bool IsExhausted => _waiting.All(stack => stack.Count == 0);

    public IScheduleStrategy? Next()
    {
        foreach (Stack<PrefixStrategy> stack in _waiting) // (2)
        {
            if (stack.TryPop(out PrefixStrategy? strategy))
                return strategy;
        }

        return null;
    }

    public void Learn(IScheduleStrategy strategy, RunRecorder recorder, FootprintLog? footprints, in ProgramEnd end)
    {
        var run = (PrefixStrategy)strategy;
        int[]? picks = null;
        int preemptions = 0;
        int running = int.MinValue;
        int count = recorder.StrategyDecisionCount; // (3)
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<ScheduleActor> choices = recorder.ChoicesOf(i);
            int pick = recorder.PickOf(i);
            for (int other = 0; i >= run.GivenCount && other < choices.Length; other++) // (1)
            {
                int level = preemptions + PreemptionMeasure.Cost(choices[0], choices[other], running);
                if (other != pick && level < _waiting.Length)
                    _waiting[level].Push(new PrefixStrategy(picks ??= recorder.Picks(), i, other, level));
            }

            preemptions += PreemptionMeasure.Cost(choices[0], choices[pick], running);
            if (!choices[pick].IsInterrupt)
                running = choices[pick].Id;
        }
    }

    public string Describe(IScheduleStrategy strategy) =>
        string.Create(CultureInfo.InvariantCulture, $"preemption-bounded, {((PrefixStrategy)strategy).Level} preemption(s)");
}
