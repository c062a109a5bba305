namespace ExtShell.Lab.Scheduling;

/// <summary>
/// What a preemption is. (1) Going on with another thread while the running one could go on counts one. (2) An I/O that ends while a thread
/// could go on counts one: it came early. (3) Which thread goes on where the running one waits, and which I/O ends where all wait, costs
/// nothing.
/// </summary>
internal static class PreemptionMeasure
{
    /// <summary>How many preemptions a schedule has.</summary>
    public static int Count(Schedule schedule)
    {
        int count = 0;
        int running = int.MinValue;
        foreach (ScheduleDecision decision in schedule.Decisions)
        {
            count += Cost(decision.Choices[0], decision.Picked, running);
            if (!decision.Picked.IsInterrupt)
                running = decision.Picked.Id;
        }

        return count;
    }

    /// <summary>What a pick costs: 0 or 1.</summary>
    /// <param name="first">The first choice on offer: the running thread if it can go on, else another thread if one can.</param>
    /// <param name="picked">What is picked.</param>
    /// <param name="running">The number of the thread that ran last.</param>
    public static int Cost(ScheduleActor first, ScheduleActor picked, int running)
    {
        if (picked == first || first.IsInterrupt)
            return 0; // (3): the first choice is a thread wherever one could go on
        bool couldGoOn = first.Id == running;
        return picked.IsInterrupt || couldGoOn ? 1 : 0; // (2), (1)
    }
}
