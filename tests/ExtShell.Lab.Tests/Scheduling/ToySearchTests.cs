using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scheduling;

public sealed class ToySearchTests
{
    private static readonly SearchStrategy[] Strategies = Enum.GetValues<SearchStrategy>();

    public static TheoryData<SearchStrategy> AllStrategies => [.. Strategies];

    [Theory]
    [MemberData(nameof(AllStrategies))]
    public void ALostUpdateIsFound(SearchStrategy strategy)
    {
        ScheduleFinding finding = FindOne(ToyPrograms.LostDeposit, strategy);
        Assert.Equal(ScheduleFindingKind.Custom, finding.Kind);
        Assert.StartsWith("the balance is", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AllStrategies))]
    public void ADeadlockIsFoundWithItsCycle(SearchStrategy strategy)
    {
        ScheduleFinding finding = FindOne(ToyPrograms.TwoLocks, strategy);
        Assert.Equal(ScheduleFindingKind.Deadlock, finding.Kind);
        Assert.Contains("one waits for right, held by two", finding.Details);
        Assert.Contains("two waits for left, held by one", finding.Details);
        Assert.Contains("cycle: one -> two -> one", finding.Details);
    }

    [Theory]
    [MemberData(nameof(AllStrategies))]
    public void ALivelockIsFoundWithItsCycle(SearchStrategy strategy)
    {
        ScheduleFinding finding = FindOne(ToyPrograms.Requeueing, strategy);
        Assert.Equal(ScheduleFindingKind.Livelock, finding.Kind);
        Assert.Equal("worker goes on (worker to have work)", Assert.Single(finding.Details));
    }

    [Theory]
    [MemberData(nameof(AllStrategies))]
    public void ANarrowWindowIsFound(SearchStrategy strategy) =>
        Assert.Equal("seen in the window", FindOne(ToyPrograms.NarrowWindow, strategy).Message);

    [Fact]
    public void PctFindsABugOfDepthTwoAsOftenAsItPromises()
    {
        var options = new ScheduleOptions { Strategy = SearchStrategy.Pct, PctDepth = 2, MostSchedules = 2_000 };
        int found = 0;
        for (ulong seed = 1; seed <= 40; seed++)
            found += ScheduleSearch.Run(ToyPrograms.NarrowWindow, options with { Seed = seed, MostSchedules = 60 }).IsClean ? 0 : 1;
        Assert.True(found >= 28, $"found by {found} of 40 seeds, though one schedule in thirty shows it at least");
    }

    [Fact]
    public void TheReportDoesNotDependOnTheNumberOfWorkers()
    {
        var options = new ScheduleOptions { MostSchedules = 500, Workers = 1 };
        string one = ScheduleSearch.Run(ToyPrograms.LostDeposit, options).ToString();
        Assert.Equal(one, ScheduleSearch.Run(ToyPrograms.LostDeposit, options with { Workers = 4 }).ToString());
    }

    [Fact]
    public void ACancelledSearchSaysWhatItSaw()
    {
        using var cancelled = new CancellationTokenSource();
        var progress = new Progress(() => cancelled.Cancel());
        ScheduleReport report = ScheduleSearch.Run(ToyPrograms.NarrowWindow, new ScheduleOptions { Progress = progress,
            Cancellation = cancelled.Token });
        Assert.True(report.IsCancelled);
        Assert.False(report.IsExhaustive);
        Assert.InRange(report.Schedules, 1, 1_000);
    }

    [Fact]
    public void CancellingEndsTheRunThatIsUnderWay()
    {
        using var cancelled = new CancellationTokenSource();
        var program = new MachineProgram("long", machine =>
        {
            machine.Spawn("walker", async () =>
            {
                for (int i = 0; i < 50_000; i++)
                {
                    await machine.Yield("on the way");
                    if (i == 100)
                        await cancelled.CancelAsync();
                }
            });
            return new MachineProgramEnd(() => "", () => null);
        });
        var options = new ScheduleOptions { FairSteps = 200_000, Workers = 1, Cancellation = cancelled.Token };
        ScheduleReport report = ScheduleSearch.Run(program, options);
        Assert.True(report.IsCancelled && report.CutShort > 0, report.ToString());
        Assert.InRange(report.Steps, 100, 200);
    }

    private static ScheduleFinding FindOne(MachineProgram program, SearchStrategy strategy)
    {
        var options = new ScheduleOptions { Strategy = strategy, MostSchedules = 5_000, StopsAtFirstFinding = true, FairSteps = 200,
            PctDepth = 2 };
        return Assert.Single(ScheduleSearch.Run(program, options).Findings);
    }

    private sealed class Progress(Action report) : IProgress<ScheduleProgress>
    {
        public void Report(ScheduleProgress value) => report();
    }
}
