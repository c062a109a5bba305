using ExtShell.Engine.Kernel;

namespace ExtShell.Engine.Tests.IO;

/// <summary>Takes the first choice that is not held back; what is held back goes on only when nothing else can.</summary>
internal sealed class DirectedSchedule : IScheduleStrategy
{
    /// <summary>What is held back: by the thread's name and what it waits for, or by the I/O that would end (no name).</summary>
    public Func<string?, string, bool> Holds { get; set; } = static (_, _) => false;

    /// <summary>Holds the worker of direct completions back.</summary>
    public void HoldWorker() => Holds = static (thread, _) => thread == "direct completions";

    /// <summary>Holds a thread back while it is at a scheduling point.</summary>
    public void HoldAt(string where) => Holds = (_, what) => what.Contains(where, StringComparison.Ordinal);

    public void HoldNothing() => Holds = static (_, _) => false;

    public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
    {
        for (int i = 0; i < choices.Length; i++)
        {
            if (!Holds(choices[i].Thread?.Name, choices[i].Describe()))
                return i;
        }

        return 0;
    }
}
