using ExtShell.Engine.Kernel;

namespace ExtShell.Engine.Tests.Volumes;

/// <summary>Picks what happens next from a seed.</summary>
internal sealed class RandomSchedule(int seed) : IScheduleStrategy
{
    private readonly Random _random = new(seed);

    public long PicksCount { get; private set; }

    public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
    {
        PicksCount++;
        return _random.Next(choices.Length);
    }
}
