using ExtShell.Engine.Kernel;

namespace ExtShell.Engine.Tests.IO;

/// <summary>A schedule in which threads go first, and what was submitted last ends first.</summary>
internal sealed class NewestIoFirst : IScheduleStrategy
{
    public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
    {
        for (int i = 0; i < choices.Length; i++)
        {
            if (choices[i].Thread is not null)
                return i;
        }

        return choices.Length - 1;
    }
}
