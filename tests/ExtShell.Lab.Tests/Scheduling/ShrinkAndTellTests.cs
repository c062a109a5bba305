using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;
using ExtShell.Lab.Verbs;

namespace ExtShell.Lab.Tests.Scheduling;

public sealed class ShrinkAndTellTests
{
    private static Scenario Defective { get; } = ScenarioSearchTests.ReadBesideWrite with
    {
        Mount = new MountOptions { Switches = ["InvalidateBeforeConvert"] },
        Setup = [.. ScenarioSearchTests.ReadBesideWrite.Setup, Operation.Create("g", "/g"), Operation.WriteDirect("g", 0, 4096,
            Payload.Pattern(9))],
        Threads = [.. ScenarioSearchTests.ReadBesideWrite.Threads, [Operation.ReadDirect("g", 0, 4096), Operation.Truncate("g", 0)]],
    };

    [Fact]
    public void AFindingIsShrunkReplayedAndTold()
    {
        var options = new ScheduleOptions { MostSchedules = 3_000, StopsAtFirstFinding = true };
        ScheduleFinding finding = Defective.SearchSchedules(options).Findings[0];
        ScheduleShrinkResult result = finding.Shrink();
        Assert.True(result.IsReplayed);
        Assert.True(result.HasFewestPreemptions);
        Assert.Equal(finding.Kind, result.Finding.Kind);
        Assert.DoesNotContain(result.Finding.Scenario!.Setup, operation => operation.File == "g");
        Assert.True(result.Finding.Scenario!.OperationCount <= 6, result.Finding.Scenario.ToText());
        Assert.True(result.Finding.Schedule.Preemptions <= finding.Schedule.Preemptions);

        ScheduleStory story = result.Finding.Tell();
        string text = story.ToString();
        Assert.Contains("direct write of", text, StringComparison.Ordinal);
        Assert.Contains("submits write #0", text, StringComparison.Ordinal);
        Assert.Contains("is acknowledged", text, StringComparison.Ordinal);
        Assert.Contains($"==> {finding.Kind}", text, StringComparison.Ordinal);
        Assert.Equal(result.Finding.Schedule.Preemptions, story.Lines.Count(line => line.IsPreemption));
        Assert.True(ScheduleVerbs.Replay(result.Finding.Schedule.ToText()).IsFaithful);
    }

    [Fact]
    public void ARunByAStrategyOfOnesOwnIsToldInTheOrderOfWhatHappenedAndReplays()
    {
        Scenario scenario = new()
        {
            Setup = [Operation.Create("f", "/f")],
            Threads = [[Operation.StartDirect("w", "f", 0, 4096, Payload.Pattern(1)), Operation.WaitDirect("w", "f")]],
        };
        ScheduleStory story = ScheduleSearch.Tell(scenario, new LastChoice());
        string[] told = [.. story.Lines.Where(line => !line.IsStep).Select(line => line.Text)];
        int Of(string what) => Array.FindIndex(told, text => text.Contains(what, StringComparison.Ordinal));
        Assert.True(
            Of("asynchronous direct write") < Of("submits write #0") && Of("submits write #0") < Of("wait for call"), story.ToString());
        Assert.True(Of("write #0, 4,096 bytes of /f from byte 0") < Of("is acknowledged"), story.ToString());
        Assert.Equal(story.ToString(), ScheduleSearch.Tell(Schedule.Parse(story.Schedule.ToText())).ToString());
    }

    [Fact]
    public void ACrashStateOfAScheduleIsFoundAndReplayed()
    {
        var scenario = new Scenario
        {
            Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 4096, Payload.Pattern(1))],
            Threads = [[Operation.WriteDirect("f", 4096, 4096, Payload.Pattern(2), Engine.IO.SyncKind.DataSync)],
                [Operation.ReadDirect("f", 0, 4096)]],
        };
        var options = new ScheduleOptions { MostSchedules = 60, ExploresCrashStates = true };
        ScheduleReport clean = scenario.SearchSchedules(options);
        Assert.True(clean.IsClean, clean.ToString());
        Assert.True(clean.CrashStates > clean.Schedules);

        ScheduleReport report = (scenario with { Mount = new MountOptions { Switches = ["ExtendAfterSync"] } }).SearchSchedules(options);
        ScheduleFinding finding = report.Findings.First(finding => finding.Violation?.Kind == ViolationKind.LostSize);
        Assert.Equal(ScheduleFindingKind.BrokenPromise, finding.Kind);
        Assert.NotNull(finding.Crash);
        Assert.True(ScheduleVerbs.Replay(finding.Schedule.ToText(), options).IsFaithful);
    }

    [Theory]
    [InlineData(SearchStrategy.Random)]
    [InlineData(SearchStrategy.Pct)]
    [InlineData(SearchStrategy.PreemptionBounded)]
    [InlineData(SearchStrategy.Exhaustive)]
    public void ASearchIsAFunctionOfItsArguments(SearchStrategy strategy)
    {
        foreach (Scenario scenario in new[] { ScenarioSearchTests.WritersAndTruncate, Defective })
        {
            var options = new ScheduleOptions { Strategy = strategy, MostSchedules = 130, Workers = 1 };
            ScheduleReport first = scenario.SearchSchedules(options);
            ScheduleReport second = scenario.SearchSchedules(options with { Workers = 2 });
            Assert.Equal(first.ToString(), second.ToString());
            Assert.Equal((first.Decisions, first.Steps, first.Redundant), (second.Decisions, second.Steps, second.Redundant));
            Assert.Equal(first.Findings.Select(finding => finding.Schedule.ToText()), second.Findings.Select(finding =>
                finding.Schedule.ToText()));
        }
    }

    private sealed class LastChoice : IScheduleStrategy
    {
        public int Pick(Machine machine, ReadOnlySpan<Choice> choices) => choices.Length - 1;
    }
}
