using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>
/// Asynchronous writes that extend one file side by side, as Ext4EndIo2009 allows: the orphan list covers all of them, and one that fails
/// raises no size over the data of another. Somebody else's commit may come at any moment, and a cut after it.
/// </summary>
public sealed class ExtensionsSideBySideTests
{
    private const string Head = "hold no-warnings\nsetup\n create f /f\nthread\n start-direct a f at=0 length=4096 data=pattern:1\n ";

    [Theory]
    [InlineData("start-direct b f at=4096 length=8192 data=pattern:2\n wait-direct a f\n wait-direct b f\n")]
    [InlineData("inject io-error op=write file=f from=4096\n write-direct f at=4096 length=8192 data=pattern:2\n wait-direct a f\n")]
    public void The_orphan_list_covers_all_and_a_failure_harms_none(string second)
    {
        var scenario = Scenario.Parse($"{Head}{second}thread\n commit\n");
        scenario = scenario with { Mount = scenario.Mount with { Protocol = "Ext4EndIo2009" } };
        ScheduleReport report = ScheduleSearch.Run(scenario, new ScheduleOptions
        {
            MostSchedules = 3_000, ExploresCrashStates = true, MostLeaves = 100,
        });
        Assert.True(report.IsClean, $"{report}");
    }
}
