using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>What a scenario promises beyond the ledger's rules: kept and broken.</summary>
public sealed class ScenarioPromisesTests
{
    private const string Head = "scenario s\nsetup\n  create f /f\n  write-direct f at=0 length=4096 data=pattern:1\n";

    [Theory]
    [InlineData("write-direct f at=0 length=4096 data=pattern:2 expect=4096", true)]
    [InlineData("write-direct f at=0 length=4096 data=pattern:2 expect=512|4096", true)]
    [InlineData("write-direct f at=0 length=4096 data=pattern:2 expect=EIO", false)]
    [InlineData("write-direct f at=7 length=4096 data=pattern:2 expect=EINVAL", true)]
    [InlineData("write-direct f at=7 length=4096 data=pattern:2 expect=4096", false)]
    [InlineData("stat /f expect=\"mode=644 owner=0 size=4096\"", true)]
    [InlineData("stat /f expect=\"mode=600|size=4096 links=1\"", true)]
    [InlineData("stat /f expect=\"mode=644 owner=1\"", false)]
    [InlineData("stat /g expect=ENOENT", true)]
    [InlineData("stat /g expect=\"mode=644\"", false)]
    public void An_operation_answers_what_it_expects(string operation, bool isKept)
    {
        ScenarioRun run = ScenarioRunner.Run(Scenario.Parse($"{Head}thread\n  {operation}\n"));
        Assert.Equal(isKept ? [] : [ViolationKind.UnexpectedResult], run.JudgeRun().Select(violation => violation.Kind));
    }

    [Fact]
    public void What_attribute_verbs_do_is_seen_by_stat()
    {
        const string Threads = """
            thread
              chmod /f 4755
              chattr /f +NoDump
              utimes /f atime=5 mtime=6
              open g /f as=1000:100 expect=EACCES
              stat /f expect="mode=4755 flags=NoDump atime=5 mtime=6"
              chown /f 1000:100
              stat /f expect="mode=755 owner=1000 group=100"
              open g /f as=1000:100
              chattr /f +Immutable -NoDump
              write-direct g at=0 length=4096 data=pattern:2 expect=EPERM
              stat /f expect="flags=Immutable"

            """;
        Assert.Empty(ScenarioRunner.Run(Scenario.Parse(Head + Threads)).JudgeRun());
    }

    [Fact]
    public void Links_nodes_and_extended_attributes_are_made_in_scenarios()
    {
        const string Threads = """
            thread
              symlink f /l
              mknod /n block mode=600 device=8:1
              stat /n expect="mode=600 type=BlockDevice"
              stat /l expect="size=4096"
              setxattr /l user.a length=100 data=pattern:1
              removexattr /f user.a expect=0
              removexattr /f user.a expect=ENODATA
              setxattr /l user.a length=10 data=byte:1 nofollow=yes expect=EPERM
              open g /n expect=ENXIO
              unlink /l

            """;
        Assert.Empty(ScenarioRunner.Run(Scenario.Parse(Head + Threads)).JudgeRun());
    }

    [Fact]
    public void Each_thread_s_results_are_its_own()
    {
        const string Two = "thread\n  read-direct f at=0 length=4096 expect=4096\nthread\n  read-direct f at=0 length=512 expect=512\n";
        Assert.Empty(ScenarioRunner.Run(Scenario.Parse(Head + Two)).JudgeRun());
    }

    [Fact]
    public void Attributes_that_stay_are_told_from_those_that_do_not()
    {
        Scenario reads = Scenario.Parse("hold attributes-stay\n" + Head + "thread\n  read-direct f at=0 length=4096\n");
        Scenario writes = Scenario.Parse("hold attributes-stay\n" + Head + "thread\n  write-direct f at=0 length=4096 data=pattern:2\n");
        Assert.Empty(ScenarioRunner.Run(reads).JudgeRun());
        Assert.Contains(ScenarioRunner.Run(writes).JudgeRun(), violation => violation.Kind == ViolationKind.ChangedAttributes);
    }

    [Fact]
    public void The_text_form_keeps_them()
    {
        Scenario scenario = Scenario.Parse(
            "hold appends-are-whole\nhold failed-writes-change-nothing\n" + Head + "thread\n  fsync f expect=0|EIO\n");
        Assert.Equal([ScenarioPromise.AppendsAreWhole, ScenarioPromise.FailedWritesChangeNothing], scenario.Holds);
        Assert.Equal("0|EIO", scenario.Threads[0][0].Expected);
        Assert.Equal(scenario.ToText(), Scenario.Parse(scenario.ToText()).ToText());
        Assert.Throws<FormatException>(() => Scenario.Parse("hold nothing\n"));
    }

    [Theory]
    [InlineData("write-direct f at=4096 length=8192 data=pattern:2", true)]
    [InlineData("fallocate f keep-size at=4096 length=8192\n  fsync f", false)]
    public void A_warning_of_the_checker_breaks_the_promise_of_none(string operations, bool isKept)
    {
        Scenario scenario = Scenario.Parse($"{Head}thread\n  {operations}\n");
        Assert.Empty(CrashSearch.Explore(scenario).Report.Findings);
        CrashReport held = CrashSearch.Explore(scenario with { Holds = [ScenarioPromise.NoWarnings] }).Report;
        Assert.Equal(isKept, held.Findings.Count == 0);
        Assert.All(held.Findings, finding => Assert.Equal(ViolationKind.Inconsistent, finding.Violation.Kind));
    }

    [Fact]
    public void Without_a_journal_consistency_is_not_promised()
    {
        Scenario scenario = Scenario.Parse($"volume features=^has_journal\nmount data=none\n{Head}thread\n  create g /g\n  fsync g\n");
        ScenarioRun run = ScenarioRunner.Run(scenario);
        Assert.DoesNotContain(
            CrashSearch.Explore(scenario).Report.Findings, finding => finding.Violation.Kind == ViolationKind.Inconsistent);
        CrashReport unjudged = new CrashExplorer(run.Log, scenario.Device).Explore();
        Assert.Contains(unjudged.Findings, finding => finding.Violation.Kind == ViolationKind.Inconsistent);
    }

    [Fact]
    public void An_answer_stays_the_same_when_it_is_shrunk()
    {
        Scenario scenario = Scenario.Parse(
            $"{Head}thread\n  inject io-error op=write file=f errno=EIO\n  write-direct f at=0 length=512 data=pattern:2 expect=7\n");
        ScheduleFinding finding = Assert.Single(ScheduleSearch.Run(scenario, new ScheduleOptions { MostSchedules = 1 }).Findings);
        ScheduleShrinkResult shrunk = ScheduleSearch.Shrink(finding);
        Assert.Equal("EIO", shrunk.Finding.Violation!.Found); // without the fault it would be another unexpected answer: 512
        Assert.Contains("inject", shrunk.Finding.Scenario!.ToText(), StringComparison.Ordinal);
    }
}
