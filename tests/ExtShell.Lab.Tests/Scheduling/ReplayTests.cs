using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scheduling;

public sealed class ReplayTests
{
    [Fact]
    public void AFindingReplaysFromItsText()
    {
        var scenario = ScenarioSearchTests.ReadBesideWrite with { Mount = new MountOptions { Switches = ["InvalidateBeforeConvert"] } };
        ScheduleFinding finding = ScheduleSearch.Run(scenario, new ScheduleOptions { MostSchedules = 3_000,
            StopsAtFirstFinding = true }).Findings[0];
        ScheduleReplay replay = ScheduleSearch.Replay(Schedule.Parse(finding.Schedule.ToText()));
        Assert.True(replay.IsFaithful, replay.ToString());
        Assert.Equal(finding.Message, replay.Findings[0].Message);
        Assert.Equal(finding.Schedule.Decisions, replay.Decisions);
    }

    [Fact]
    public void AReplayThatMeetsOtherChoicesSaysWhere()
    {
        Schedule schedule = ScheduleSearch.Run(ToyPrograms.LostDeposit, new ScheduleOptions { StopsAtFirstFinding = true })
            .Findings[0].Schedule;
        Assert.True(ScheduleSearch.Replay(ToyPrograms.LostDeposit, schedule).IsFaithful);
        ScheduleDecision second = schedule.Decisions[1];
        var other = new ScheduleDecision(second.Pick, [.. second.Choices, new ScheduleActor(true, 9)])
        {
            Kinds = [.. second.Kinds, ScheduleStepKind.End],
        };
        ScheduleReplay replay = ScheduleSearch.Replay(ToyPrograms.LostDeposit,
            schedule with { Decisions = [schedule.Decisions[0], other] });
        Assert.False(replay.IsFaithful);
        Assert.Equal(2, replay.Divergence!.Decision);
        Assert.Equal(other, replay.Divergence.Recorded);
        Assert.Equal(second.Choices.Count, replay.Divergence.Offered.Count);
    }

    [Fact]
    public void AReplayThatEndsEarlySaysSo()
    {
        Schedule schedule = ScheduleSearch.Run(ToyPrograms.LostDeposit, new ScheduleOptions { StopsAtFirstFinding = true })
            .Findings[0].Schedule;
        ScheduleReplay replay = ScheduleSearch.Replay(ToyPrograms.LostDeposit,
            schedule with { Decisions = [.. schedule.Decisions, schedule.Decisions[0] with { Kinds = [] }] });
        Assert.Equal(schedule.Decisions.Count + 1, replay.Divergence!.Decision);
        Assert.Empty(replay.Divergence.Offered);
    }

    [Fact]
    public void AReplayThatMeetsTheSameActorsAboutToDoSomethingElseSaysWhere()
    {
        Schedule schedule = RunOf(LocksAt(threads: 2, step: -1));
        Assert.True(ScheduleSearch.Replay(LocksAt(threads: 2, step: -1), schedule).IsFaithful);
        ScheduleReplay replay = ScheduleSearch.Replay(LocksAt(threads: 2, step: 1), schedule);
        Assert.False(replay.IsFaithful);
        int at = replay.Divergence!.Decision;
        Assert.Contains(ScheduleStepKind.Yield, replay.Divergence.Recorded!.Kinds);
        Assert.Contains(replay.Divergence.Offered, static offered => offered.Contains(":lock (", StringComparison.Ordinal));
        Assert.StartsWith($"not deterministic: at decision {at} '", replay.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void StepsWithOneChoiceAreComparedToo()
    {
        MachineProgram recorded = LocksAt(threads: 1, step: -1);
        Schedule schedule = Schedule.Parse(RunOf(recorded).ToText());
        Assert.Empty(schedule.Decisions);
        Assert.True(ScheduleSearch.Replay(recorded, schedule).IsFaithful);
        for (int step = 0; step < 3; step++)
        {
            ScheduleReplay replay = ScheduleSearch.Replay(LocksAt(threads: 1, step), schedule);
            Assert.Equal("t0:yield", replay.Divergence?.OnlyChoice?.ToString());
            Assert.Contains("before decision 1 't0:yield' was recorded, and on offer are t0:lock", replay.ToString(),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AStepWithOneChoiceThatIsMissingOrTooManyBeforeADecisionIsADivergence()
    {
        Schedule schedule = RunOf(StepsBeforeOthers(2));
        ScheduleDecision first = schedule.Decisions[0];
        Assert.Equal(3, first.Before.Count);
        Assert.True(ScheduleSearch.Replay(StepsBeforeOthers(2), schedule).IsFaithful);
        ScheduleReplay missing = ScheduleSearch.Replay(StepsBeforeOthers(1), schedule);
        Assert.Equal((1, first.Before[2]), (missing.Divergence!.Decision, missing.Divergence.OnlyChoice));
        ScheduleReplay tooMany = ScheduleSearch.Replay(StepsBeforeOthers(3), schedule);
        Assert.Equal((1, null), (tooMany.Divergence!.Decision, tooMany.Divergence.OnlyChoice));
        Assert.Equal("t0:yield (first goes on (alone))", Assert.Single(tooMany.Divergence.Offered));
        Schedule endsLater = schedule with { After = [.. schedule.After, new ScheduleMove(new ScheduleActor(false, 0), default)] };
        Assert.Equal("t0:start", ScheduleSearch.Replay(StepsBeforeOthers(2), endsLater).Divergence?.OnlyChoice?.ToString());
    }

    [Fact]
    public void AScheduleThatWasKeptWithoutWhatActorsWereAboutToDoIsComparedByActors()
    {
        Schedule full = RunOf(LocksAt(threads: 2, step: -1));
        Schedule kept = full with { Decisions = [.. full.Decisions.Select(static made => new ScheduleDecision(made.Pick, made.Choices))],
            After = [] };
        Schedule parsed = Schedule.Parse(kept.ToText());
        Assert.DoesNotContain(":", kept.ToText().Split("decisions")[1], StringComparison.Ordinal);
        Assert.Equal(kept.Decisions, parsed.Decisions);
        Assert.True(ScheduleSearch.Replay(LocksAt(threads: 2, step: 1), parsed).IsFaithful);
    }

    /// <summary>Threads of three steps that yield before each; before one of them they take a lock instead, which nobody holds.</summary>
    private static MachineProgram LocksAt(int threads, int step) => new("locks", machine =>
    {
        for (int i = 0; i < threads; i++)
        {
            var mutex = new SimulatedMutex(machine, "a lock");
            machine.Spawn($"thread {i}", async () =>
            {
                for (int made = 0; made < 3; made++)
                {
                    if (made == step)
                        await mutex.LockAsync();
                    else
                        await machine.Yield("between");
                }
            });
        }

        return new MachineProgramEnd(() => "", () => null);
    });

    /// <summary>A thread that yields alone, and then starts another one.</summary>
    private static MachineProgram StepsBeforeOthers(int alone) => new("steps", machine =>
    {
        machine.Spawn("first", async () =>
        {
            for (int i = 0; i < alone; i++)
                await machine.Yield("alone");
            machine.Spawn("second", async () => await machine.Yield("beside"));
            await machine.Yield("beside");
        });
        return new MachineProgramEnd(() => "", () => null);
    });

    private static Schedule RunOf(MachineProgram program)
    {
        MachineProgram objecting = program with
        {
            Begin = machine => program.Begin(machine) with { Objection = () => "every run is kept" },
        };
        Schedule schedule = ScheduleSearch.Run(objecting, new ScheduleOptions { MostSchedules = 1 }).Findings[0].Schedule;
        return schedule with { Shows = "" };
    }

    [Fact]
    public void WaitingInInterruptContextIsFoundWhoeverSwallowsIt()
    {
        var program = new MachineProgram("interrupt", machine =>
        {
            var source = new WaitingInterrupt(machine);
            machine.AddInterruptSource(source);
            return new MachineProgramEnd(() => "", () => null);
        });
        Assert.Equal(ScheduleFindingKind.InterruptContext, Assert.Single(ScheduleSearch.Run(program).Findings).Kind);
    }

    private sealed class WaitingInterrupt(Machine machine) : IInterruptSource
    {
        private readonly SimulatedMutex _mutex = new(machine, "a lock");

        public int PendingCount { get; private set; } = 1;

        public int PendingId(int index) => 0;

        public string DescribePending(int index) => "interrupt";

        public void Fire(int index)
        {
            PendingCount--;
            _ = WaitAsync();
        }

        private async Task WaitAsync() => await _mutex.LockAsync();
    }
}
