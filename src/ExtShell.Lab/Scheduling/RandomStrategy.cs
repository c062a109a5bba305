using ExtShell.Engine.Kernel;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>Makes each decision by chance, each choice as likely as the others.</summary>
/// <param name="seed">What chance is derived from.</param>
public sealed class RandomStrategy(ulong seed) : IScheduleStrategy
{
    private readonly Dice _dice = new(seed);

    /// <inheritdoc/>
    public int Pick(Machine machine, ReadOnlySpan<Choice> choices) => _dice.Below(choices.Length);
}
