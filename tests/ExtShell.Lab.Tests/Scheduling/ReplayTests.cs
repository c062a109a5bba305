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
        var other = new ScheduleDecision(second.Pick, [.. second.Choices, new ScheduleActor(true, 9)]);
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
            schedule with { Decisions = [.. schedule.Decisions, schedule.Decisions[0]] });
        Assert.Equal(schedule.Decisions.Count + 1, replay.Divergence!.Decision);
        Assert.Empty(replay.Divergence.Offered);
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
