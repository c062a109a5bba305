namespace ExtShell.Lab.Scheduling;

/// <summary>A line of a schedule's story: a step begins, or something happens in it.</summary>
/// <param name="Step">The number of the step, from 1.</param>
/// <param name="Actor">Who runs: a thread's name, or <c>I/O</c>.</param>
/// <param name="Text">What happens, in words.</param>
/// <param name="IsStep">Whether a step begins; else it happens in the step.</param>
/// <param name="Instead">Who could have run instead, where that was a decision.</param>
/// <param name="IsPreemption">Whether the decision took the processor from a thread that could have gone on, or ended an I/O early.</param>
public sealed record ScheduleStoryLine(int Step, string Actor, string Text, bool IsStep, IReadOnlyList<string> Instead, bool IsPreemption)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        if (!IsStep)
            return $"{"",22}{Text}";
        string instead = Instead.Count == 0 ? "" : $"   [{(IsPreemption ? "preempts; " : "")}or: {string.Join(", ", Instead)}]";
        return $"{Step,4} {(IsPreemption ? '*' : ' ')} {Actor,-14} {Text}{instead}";
    }
}
