using ExtShell.Engine.Kernel;

namespace ExtShell.TestTools.Defects;

/// <summary>
/// A schedule like a machine's with one processor and a device of a given latency: an I/O ends when its time has come; until then threads
/// take turns, a microsecond each; where nobody can go on, time passes.
/// </summary>
/// <param name="latencyNanoseconds">From submission to end.</param>
public sealed class LatencyStrategy(long latencyNanoseconds) : IScheduleStrategy
{
    private const long StepNanoseconds = 1_000;
    private readonly Dictionary<(IInterruptSource Source, int Id), long> _due = [];
    private int _turn;

    /// <inheritdoc/>
    public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
    {
        long now = machine.Clock.NowNanoseconds;
        int earliest = -1;
        long earliestDue = long.MaxValue;
        int threads = 0;
        for (int i = 0; i < choices.Length; i++)
        {
            if (!choices[i].IsInterrupt)
            {
                threads++;
                continue;
            }

            long due = Due(choices[i], now);
            if (due < earliestDue)
                (earliest, earliestDue) = (i, due);
        }

        if (earliest >= 0 && (earliestDue <= now || threads == 0))
        {
            machine.Clock.Advance(Math.Max(0, earliestDue - now));
            _due.Remove((choices[earliest].Source!, choices[earliest].Id));
            return earliest;
        }

        machine.Clock.Advance(StepNanoseconds);
        return Turn(choices, threads);
    }

    private long Due(in Choice choice, long now)
    {
        if (choice.Source is Alarm alarm)
            return alarm.AtNanoseconds;
        (IInterruptSource, int) key = (choice.Source!, choice.Id);
        if (!_due.TryGetValue(key, out long due))
            _due.Add(key, due = now + latencyNanoseconds);
        return due;
    }

    private int Turn(ReadOnlySpan<Choice> choices, int threads)
    {
        int turn = _turn++ % threads;
        for (int i = 0; ; i++)
        {
            if (!choices[i].IsInterrupt && turn-- == 0)
                return i;
        }
    }
}
