using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scenarios;

/// <summary>Takes the first choice until the write log begins, and asks the strategy of the run from then on.</summary>
internal sealed class SetupStrategy(IScheduleStrategy strategy) : IScheduleStrategy
{
    public bool IsSetupDone { get; set; }

    public int Pick(Machine machine, ReadOnlySpan<Choice> choices) => IsSetupDone ? strategy.Pick(machine, choices) : 0;
}
