using ExtShell.Engine.Inodes;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Scheduling;

/// <summary>Says of an exception that ended a run what it shows.</summary>
internal static class ScheduleFailures
{
    private const int MostPlaces = 8;

    public static ScheduleFailure Of(Exception exception)
    {
        ScheduleFindingKind kind = exception switch
        {
            DeadlockException => ScheduleFindingKind.Deadlock,
            LivelockException => ScheduleFindingKind.Livelock,
            StarvationException => ScheduleFindingKind.Starvation,
            InterruptContextException => ScheduleFindingKind.InterruptContext,
            EvictedInodeException => ScheduleFindingKind.EvictedInode,
            CorruptionException => ScheduleFindingKind.Corruption,
            FileSystemException => ScheduleFindingKind.UnexpectedError,
            _ => ScheduleFindingKind.BrokenInvariant,
        };
        return new ScheduleFailure(kind, exception.Message) { Exception = exception, Details = Details(exception) };
    }

    private static IReadOnlyList<string> Details(Exception exception)
    {
        switch (exception)
        {
            case DeadlockException deadlock:
                var lines = new List<string>(deadlock.Waiters);
                if (deadlock.Cycle.Count > 0)
                    lines.Add("cycle: " + string.Join(" -> ", [.. deadlock.Cycle.Select(thread => thread.Thread),
                        deadlock.Cycle[0].Thread]));
                return lines;
            case LivelockException livelock:
                return livelock.Cycle;
            case InvariantException or EvictedInodeException or InterruptContextException:
                return Places(exception.StackTrace ?? "");
            default:
                return [];
        }
    }

    /// <summary>The lines of a stack that are ours, innermost first.</summary>
    private static string[] Places(string stack) => [.. stack.Split('\n').Select(line => line.Trim())
        .Where(line => line.Contains("ExtShell", StringComparison.Ordinal)).Take(MostPlaces)];
}
