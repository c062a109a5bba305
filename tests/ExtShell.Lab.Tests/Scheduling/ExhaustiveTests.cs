using System.Collections.Concurrent;
using ExtShell.Engine.Kernel;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scheduling;

public sealed class ExhaustiveTests
{
    private static readonly string[] Variables = ["a", "b", "c"];

    /// <summary>Random programs: what the reduced search reaches is what all interleavings reach.</summary>
    [Theory]
    [InlineData(1, 40)]
    [InlineData(1000, 40)]
    public void TheReducedSearchReachesEveryFinalState(int firstSeed, int count)
    {
        long all = 0, reduced = 0;
        int compared = 0;
        for (int seed = firstSeed; seed < firstSeed + count; seed++)
        {
            (SortedSet<string> expected, ScheduleReport brute) = Explore(seed, SearchStrategy.PreemptionBounded);
            (SortedSet<string> states, ScheduleReport report) = Explore(seed, SearchStrategy.Exhaustive);
            Assert.True(report.IsExhaustive, $"seed {seed}: {report.Summary}");
            Assert.Subset(states, expected);
            if (!brute.IsExhaustive)
                continue; // too many to try them all
            compared++;
            Assert.True(expected.SetEquals(states),
                $"seed {seed}: expected {string.Join(',', expected)}; reached {string.Join(',', states)}");
            Assert.Equal(Kinds(brute), Kinds(report));
            all += brute.Schedules;
            reduced += report.Schedules + report.Redundant;
        }

        Assert.True(compared > count / 2, $"{compared} of {count} programs were compared");
        Assert.True(reduced * 2 < all, $"{reduced} of {all} schedules");
    }

    [Fact]
    public void StepsThatCommuteNeedOneSchedule()
    {
        ScheduleReport report = ScheduleSearch.Run(Independent(4), new ScheduleOptions { Strategy = SearchStrategy.Exhaustive });
        Assert.True(report.IsExhaustive);
        Assert.Equal(1, report.Schedules + report.Redundant);
    }

    [Fact]
    public void AllInterleavingsAreCounted()
    {
        // two threads of three steps each (start, yield, yield): 6! / (3! 3!) = 20 schedules
        ScheduleReport report = ScheduleSearch.Run(Independent(2), new ScheduleOptions { Strategy = SearchStrategy.PreemptionBounded,
            PreemptionBound = 100 });
        Assert.True(report.IsExhaustive);
        Assert.Equal(20, report.Schedules);
    }

    /// <summary>What is decided after so many steps without progress is not varied: then the search has not seen everything.</summary>
    [Theory]
    [InlineData(SearchStrategy.Exhaustive)]
    [InlineData(SearchStrategy.PreemptionBounded)]
    public void ASearchWhoseSchedulesWereMadeFairIsNotExhaustive(SearchStrategy strategy)
    {
        MachineProgram program = ToyPrograms.LateRace(stepsBefore: 110);
        var options = new ScheduleOptions { Strategy = strategy, PreemptionBound = 0, FairSteps = 50, MostSchedules = 20_000 };
        ScheduleReport report = ScheduleSearch.Run(program, options);
        Assert.True(report is { MadeFair: > 0, IsExhaustive: false }, report.Summary);
        Assert.DoesNotContain("exhaustively", report.Summary, StringComparison.Ordinal);
        ScheduleReport patient = ScheduleSearch.Run(program, options with { FairSteps = 2_000 });
        Assert.True(patient is { MadeFair: 0, IsExhaustive: true }, patient.Summary);
    }

    /// <summary>
    /// In a run where two threads block each other only one that sleeps could go on: were it made to, it would hide that the third must be
    /// tried before it, and the order third, second, first would be lost.
    /// </summary>
    [Fact]
    public void AThreadThatSleepsIsNotMadeToRunWhereItIsTheOnlyOne()
    {
        var orders = new ConcurrentDictionary<string, bool>();
        var program = new MachineProgram("blocked sleeper", machine => BeginBlocked(machine, orders));
        ScheduleReport report = ScheduleSearch.Run(program, new ScheduleOptions { Strategy = SearchStrategy.Exhaustive });
        Assert.True(report.IsExhaustive, report.Summary);
        Assert.Equal(["123", "132", "213", "231", "312", "321"], orders.Keys.Where(static order => order.Length == 3).Order());
    }

    private static MachineProgramEnd BeginBlocked(Machine machine, ConcurrentDictionary<string, bool> orders)
    {
        string order = "";
        var left = new SimulatedMutex(machine, "left");
        var right = new SimulatedMutex(machine, "right");
        void Note(int number)
        {
            machine.Touch("order", AccessKind.Write);
            order += number;
        }

        void Spawn(int number, SimulatedMutex? outer, SimulatedMutex inner, bool isNotedInside) => machine.Spawn($"{number}", async () =>
        {
            if (outer is null)
                Note(number);
            else
                await outer.LockAsync();
            await inner.LockAsync();
            if (outer is not null && isNotedInside)
                Note(number);
            inner.Unlock();
            outer?.Unlock();
            if (outer is not null && !isNotedInside)
                Note(number);
        });
        Spawn(1, null, left, false);
        Spawn(2, left, right, true);
        Spawn(3, right, left, false);
        return new MachineProgramEnd(() => orders.TryAdd(order, true) ? order : order, () => null);
    }

    private static MachineProgram Independent(int threads) => new("independent", machine =>
    {
        for (int i = 0; i < threads; i++)
        {
            string own = $"own {i}";
            machine.Spawn(own, async () =>
            {
                machine.Touch(own, AccessKind.Write);
                await machine.Yield("one");
                machine.Touch(own, AccessKind.Write);
                await machine.Yield("two");
                machine.Touch(own, AccessKind.Write);
            });
        }

        return new MachineProgramEnd(() => "", () => null);
    });

    private static string Kinds(ScheduleReport report) => string.Join(',', report
        .Findings.Select(finding => finding.Kind).Distinct().Order());

    private static (SortedSet<string> States, ScheduleReport Report) Explore(int seed, SearchStrategy strategy)
    {
        var states = new ConcurrentDictionary<string, bool>();
        var program = new MachineProgram($"seed {seed}", machine => Begin(machine, new Random(seed), states));
        var options = new ScheduleOptions { Strategy = strategy, PreemptionBound = 1000, MostSchedules = 20_000 };
        ScheduleReport report = ScheduleSearch.Run(program, options);
        return (new SortedSet<string>(states.Keys, StringComparer.Ordinal), report);
    }

    private static MachineProgramEnd Begin(Machine machine, Random random, ConcurrentDictionary<string, bool> states)
    {
        var values = new long[Variables.Length];
        var locks = new[] { new SimulatedMutex(machine, "left"), new SimulatedMutex(machine, "right") };
        var shared = new SimulatedReadWriteLock(machine, "shared");
        var conditions = new WaitCondition[Variables.Length];
        for (int i = 0; i < Variables.Length; i++)
        {
            int variable = i;
            conditions[i] = new WaitCondition(machine, WaitKind.Event, Variables[i] + " set", () => values[variable] != 0, Variables[i]);
        }

        int threads = random.Next(2, 4);
        for (int thread = 1; thread <= threads; thread++)
        {
            int[] steps = [.. Enumerable.Range(0, random.Next(1, threads == 2 ? 4 : 3)).Select(_ => random.Next(10))];
            int[] targets = [.. steps.Select(_ => random.Next(Variables.Length))];
            int number = thread;
            machine.Spawn($"thread {thread}", () => RunAsync(machine, number, steps, targets, values, locks, shared, conditions));
        }

        string State()
        {
            string state = string.Join(' ', values);
            states.TryAdd(state, true);
            return state;
        }

        return new MachineProgramEnd(State, () => null);
    }

    private static async ValueTask RunAsync(Machine machine, int number, int[] steps, int[] targets, long[] values, SimulatedMutex[] locks,
        SimulatedReadWriteLock shared, WaitCondition[] conditions)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            int target = targets[i];
            switch (steps[i])
            {
                case 0 or 1 or 2:
                    Change(machine, values, target, number);
                    await machine.Yield("changed");
                    break;
                case 3 or 4:
                    await locks[target & 1].LockAsync();
                    Change(machine, values, target, number);
                    await machine.Yield("inside");
                    Change(machine, values, (target + 1) % values.Length, number);
                    locks[target & 1].Unlock();
                    break;
                case 5:
                    await locks[0].LockAsync();
                    await locks[1].LockAsync();
                    Change(machine, values, target, number);
                    locks[1].Unlock();
                    locks[0].Unlock();
                    break;
                case 6:
                    await locks[1].LockAsync();
                    await locks[0].LockAsync();
                    locks[0].Unlock();
                    locks[1].Unlock();
                    break;
                case 7:
                    await shared.LockSharedAsync();
                    await machine.Yield("shared");
                    shared.UnlockShared();
                    break;
                case 8:
                    await shared.LockExclusiveAsync();
                    Change(machine, values, target, number);
                    shared.UnlockExclusive();
                    break;
                default:
                    machine.Touch(Variables[target], AccessKind.Read);
                    if (values[target] % 2 == 1)
                        await conditions[(target + 1) % values.Length].WaitAsync();
                    break;
            }
        }
    }

    private static void Change(Machine machine, long[] values, int target, int number)
    {
        machine.Touch(Variables[target], AccessKind.Write);
        values[target] = (values[target] * 7) + number;
    }
}
