using ExtShell.Engine.Kernel;

namespace ExtShell.Engine.Tests.IO;

/// <summary>
/// A schedule written down: whoever comes to a place is held there while the thread of the name goes first, as long as that can run. Else
/// the named thread goes when nobody else can but those who wait for it (by yielding), and the first of the other choices is taken.
/// </summary>
internal sealed class HeldSchedule(string place, string goesFirst) : IScheduleStrategy
{
    public bool WasReached { get; private set; }

    public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
    {
        bool isHeld = false;
        (int first, int other) = (-1, -1);
        for (int i = 0; i < choices.Length; i++)
        {
            isHeld |= choices[i].Thread?.WaitingFor?.Describe().Contains(place, StringComparison.Ordinal) == true;
            if (choices[i].Thread?.Name == goesFirst)
                first = i;
            else if (other < 0 && choices[i].Thread?.WaitingFor?.Kind != WaitKind.Yield)
                other = i;
        }

        WasReached |= isHeld;
        return first >= 0 && (isHeld || other < 0) ? first : Math.Max(other, 0);
    }
}
