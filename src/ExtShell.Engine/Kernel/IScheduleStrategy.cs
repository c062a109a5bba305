namespace ExtShell.Engine.Kernel;

/// <summary>
/// Picks what happens next where more than one thing could. The list of its picks replays the run exactly. The machine asks only where
/// at least two choices are on offer, and offers them in a fixed order: the running thread if it can go on, the other threads by number,
/// then the pending ends of I/O.
/// </summary>
public interface IScheduleStrategy
{
    /// <summary>The index of the choice to take.</summary>
    int Pick(Machine machine, ReadOnlySpan<Choice> choices);
}
