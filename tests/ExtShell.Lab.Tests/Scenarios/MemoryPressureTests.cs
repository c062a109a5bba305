using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;
using ExtShell.Lab.Verbs;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>Pages that go while somebody waits between filling and writing them.</summary>
public sealed class MemoryPressureTests
{
    [Fact]
    public void APageThatWentWhileSpaceWasWaitedForIsFilledAgain()
    {
        Scenario scenario = Scenario.Parse("""
            scenario "write into a page while memory is short and the volume full"
            volume block=1024
            setup
              create f /f
              write-direct f at=0 length=1024 data=pattern:1
              truncate f to=4096
              create o /o
              write-direct o at=0 length=4096 data=pattern:2
              close o
            thread
              inject full leave=0
              unlink /o
              write-buffered f at=512 length=1024 data=pattern:3
            thread
              drop-caches
            """);
        ScheduleReport report = scenario.SearchSchedules(new ScheduleOptions { Strategy = SearchStrategy.Exhaustive });
        Assert.True(report.IsClean && report.IsExhaustive, report.ToString());
    }
}
