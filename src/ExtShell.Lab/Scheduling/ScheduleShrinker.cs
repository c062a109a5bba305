using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>Makes a finding small: fewest operations first, then fewest preemptions.</summary>
/// <remarks>
/// (1) A smaller scenario shows the same if a search of it, with few schedules, first by preemption bound and then by chance, finds
/// the same kind.
/// (2) Of the smallest scenario the schedules are searched with no preemption, then one, and so on; the first that shows it has the fewest.
/// (3) What an operation answered against expectation is the same only with the same answer.
/// (4) Decisions at the end that take the first choice are left out: a replay takes it anyway.
/// </remarks>
internal sealed class ScheduleShrinker(ScheduleFinding finding, ScheduleOptions options, ShrinkOptions shrink)
{
    private const int MostBoundedSchedules = 300;
    private const int MostRandomSchedules = 500;
    private const int MostFinalSchedules = 20_000;
    private const int MostPreemptions = 6;

    private readonly Dictionary<string, ScheduleFinding> _shown = [];

    public ScheduleShrinkResult Shrink()
    {
        Scenario scenario = finding.Scenario ?? throw new ArgumentException("only a scenario's finding is shrunk", nameof(finding));
        _shown[scenario.ToText()] = finding;
        ShrinkResult result = new Shrinker(Shows, shrink).Shrink(scenario);
        (ScheduleFinding simplest, bool hasFewest) = WithFewestPreemptions(result.Scenario);
        Schedule shortened = Shortened(simplest.Schedule);
        ScheduleReplay replay = ScheduleSearch.Replay(Schedule.Parse(shortened.ToText()), options);
        bool isReplayed = replay.IsFaithful;
        ScheduleFinding final = replay.Findings.FirstOrDefault(IsSame) ?? simplest;
        return new ScheduleShrinkResult(final, result.Runs, result.IsMinimal, hasFewest, isReplayed);
    }

    private bool Shows(Scenario candidate) // (1)
    {
        string text = candidate.ToText();
        if (_shown.ContainsKey(text))
            return true;
        ScheduleFinding? found = Search(candidate, SearchStrategy.PreemptionBounded, MostBoundedSchedules)
            ?? Search(candidate, SearchStrategy.Random, MostRandomSchedules);
        if (found is not null)
            _shown[text] = found;
        return found is not null;
    }

    private (ScheduleFinding Finding, bool HasFewest) WithFewestPreemptions(Scenario scenario) // (2)
    {
        ScheduleFinding known = _shown[scenario.ToText()];
        ScheduleFinding? found = Search(scenario, SearchStrategy.PreemptionBounded, MostFinalSchedules);
        return found is null || known.Schedule.Preemptions < found.Schedule.Preemptions ? (known, false) : (found, true);
    }

    private ScheduleFinding? Search(Scenario scenario, SearchStrategy strategy, long mostSchedules)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(shrink.Cancellation);
        ScheduleFinding? found = null;
        ScheduleOptions search = options with
        {
            Strategy = strategy,
            PreemptionBound = MostPreemptions,
            MostSchedules = mostSchedules,
            StopsAtFirstFinding = false,
            Progress = null,
            Cancellation = enough.Token,
            OnFinding = other =>
            {
                if (found is not null || !IsSame(other))
                    return;
                found = other;
                enough.Cancel();
            },
        };
        try
        {
            ScheduleSearch.Run(scenario, search);
        }
        catch (Exception failure) when (failure is FileSystemException or CorruptionException or DeadlockException or InvariantException)
        {
            return null; // taking operations out of it led to a set-up that cannot be made
        }

        return found;
    }

    private bool IsSame(ScheduleFinding other) =>
        other.Kind == finding.Kind && other.Violation?.Kind == finding.Violation?.Kind
        && (other.Violation is not { Kind: ViolationKind.UnexpectedResult } || other.Violation.Found == finding.Violation!.Found); // (3)

    private static Schedule Shortened(Schedule schedule) // (4)
    {
        int count = schedule.Decisions.Count;
        while (count > 0 && schedule.Decisions[count - 1].Pick == 0)
            count--;
        return count == schedule.Decisions.Count ? schedule
            : schedule with { Decisions = [.. schedule.Decisions.Take(count)], After = [] };
    }
}
