using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>A schedule, walked up to one of its decisions: what each step did, and what is there then.</summary>
/// <remarks>
/// (1) It is the run of the search that found the schedule: set-up by the first choice, then the recorded decisions.
/// (2) The walk ends before the decision after the last one that is wanted; threads stay where they are, and so does I/O in flight.
/// </remarks>
public sealed class ScheduleVisit
{
    private ScheduleVisit(Schedule schedule, ScenarioMachine machine, IReadOnlyList<ScheduleStep> steps, Exception? failure)
    {
        Schedule = schedule;
        Steps = steps;
        Failure = failure;
        History = machine.History;
        Log = machine.Disk.Log!;
        Content = machine.Disk.Storage.Snapshot();
        Threads = [.. machine.Machine.Threads.Where(static thread => !thread.IsDone).Select(Describe)];
    }

    /// <summary>The schedule.</summary>
    public Schedule Schedule { get; }

    /// <summary>The decisions that were made, in order.</summary>
    public IReadOnlyList<ScheduleStep> Steps { get; }

    /// <summary>What the callers asked and were told until then.</summary>
    public History History { get; }

    /// <summary>What the device was asked until then.</summary>
    public WriteLog Log { get; }

    /// <summary>What readers of the device see then: every write that has ended.</summary>
    public IStorage Content { get; }

    /// <summary>The threads that have not ended, in words.</summary>
    public IReadOnlyList<string> Threads { get; }

    /// <summary>How the run failed on the way; null if it did not.</summary>
    public Exception? Failure { get; }

    /// <summary>Walks a schedule.</summary>
    /// <param name="schedule">The schedule; it has a scenario.</param>
    /// <param name="step">The number of the last decision that is made; null for all, and to the end of the run.</param>
    /// <exception cref="ArgumentException">It has no scenario: it was found in a program of one's own.</exception>
    public static ScheduleVisit Of(Schedule schedule, int? step = null)
    {
        Scenario scenario = schedule.Scenario
            ?? throw new ArgumentException("the schedule has no scenario: it is of a program", nameof(schedule));
        var walk = new Walk(schedule, step ?? int.MaxValue);
        ScenarioMachine machine = new PreparedScenario(scenario).Begin(walk); // (1)
        Func<bool> haveEnded = machine.SpawnThreads(scenario);
        walk.Watched = machine;
        machine.Machine.Observer = walk;
        Exception? failure = ProgramRuns.UntilQuiet(machine.Machine, haveEnded);
        return new ScheduleVisit(schedule, machine, walk.Steps, failure is RunEndedException ? null : failure);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Schedule.Name} after {Steps.Count} of {Schedule.Decisions.Count} decisions";

    private static string Describe(SimulatedThread thread) =>
        thread.WaitingFor is { } waitable ? $"{thread.Name}: waits for {waitable.Describe()}" : $"{thread.Name}: can go on";

    private sealed class Walk(Schedule schedule, int last) : IScheduleStrategy, IMachineObserver
    {
        private readonly ReplayStrategy _replay = new(schedule);

        public ScenarioMachine? Watched { get; set; }

        public List<ScheduleStep> Steps { get; } = [];

        public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
        {
            if (Watched is null)
                return 0;
            if (Steps.Count >= last)
            {
                machine.Stop(new RunEndedException(isRedundant: false)); // (2)
                return 0;
            }

            int pick = _replay.Pick(machine, choices);
            var others = new List<string>();
            for (int i = 0; i < choices.Length; i++)
            {
                if (i != pick)
                    others.Add(choices[i].Describe());
            }

            Steps.Add(new ScheduleStep(
                Steps.Count + 1, ScheduleActor.Of(choices[pick]), choices[pick].Describe(), others, Watched.Disk.Log!.Position,
                Watched.History.Calls.Count));
            return pick;
        }

        public void OnStep(Machine machine, ReadOnlySpan<Choice> choices, int pick)
        {
            if (choices.Length == 1)
                _replay.OnOnlyChoice(machine, choices[0]);
        }

        public void OnTouch(object resource, long first, long end, AccessKind access)
        {
        }
    }
}
