using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>Picks what happens next by chance.</summary>
internal sealed class RandomPicks(int seed) : IScheduleStrategy
{
    private readonly Random _random = new(seed);

    public int Pick(Machine machine, ReadOnlySpan<Choice> choices) => _random.Next(choices.Length);
}
