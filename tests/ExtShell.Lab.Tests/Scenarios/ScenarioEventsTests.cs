using ExtShell.Engine.IO;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>What happens to callers while they run, at any moment that a schedule can choose.</summary>
public sealed class ScenarioEventsTests
{
    private const string Head =
        "setup\n create f /f\n fallocate f at=0 length=8192\n create g /g\n write-direct g at=0 length=4096 data=pattern:1\n";

    public static TheoryData<string, string> Races()
    {
        var races = new TheoryData<string, string>();
        foreach (string protocol in WriteProtocols.Names)
        {
            races.Add(protocol, Head + "thread\n start-direct w f at=0 length=4096 data=pattern:2\n wait-direct w f\nthread\n unmount\n");
            races.Add(protocol, Head + "thread\n start-direct w g at=4096 length=4096 data=pattern:2\n close g\nthread\n unmount\n");
            races.Add(protocol, Head + "thread\n write-buffered f at=0 length=8192 data=pattern:2\n fsync f\nthread\n unmount\n");
            races.Add(protocol, Head + "thread\n write-direct g at=4096 length=8192 data=pattern:2\nthread\n unmount\n mount\n");
            races.Add(protocol, Head + "thread\n truncate g to=100\n read-direct f at=0 length=4096\nthread\n unmount\n mount\n");
            races.Add(protocol,
                Head + "thread\n start-direct w f at=0 length=4096 data=pattern:2\n close f\n unlink /f\nthread\n unmount\n");
            races.Add(protocol,
                Head + "thread\n map m g at=0 length=4096\n map-write m at=0 length=100 data=pattern:2\nthread\n unmount\n");
        }

        return races;
    }

    [Theory]
    [MemberData(nameof(Races))]
    public void An_unmount_at_any_moment_loses_nothing(string protocol, string text)
    {
        var scenario = Scenario.Parse(text);
        ScheduleReport report = ScheduleSearch.Run(
            scenario with { Mount = scenario.Mount with { Protocol = protocol } }, new ScheduleOptions
        {
            Strategy = SearchStrategy.Exhaustive, MostSchedules = 60, ExploresCrashStates = true, MostLeaves = 50, Workers = 1,
        });
        Assert.True(report.IsClean, $"{protocol}\n{text}\n{string.Join('\n', report.Findings)}");
    }
}
