using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

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
    public void An_operation_answers_what_it_expects(string operation, bool isKept)
    {
        ScenarioRun run = ScenarioRunner.Run(Scenario.Parse($"{Head}thread\n  {operation}\n"));
        Assert.Equal(isKept ? [] : [ViolationKind.UnexpectedResult], run.JudgeRun().Select(violation => violation.Kind));
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
}
