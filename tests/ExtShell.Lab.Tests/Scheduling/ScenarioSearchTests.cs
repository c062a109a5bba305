using ExtShell.Engine.Volumes;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scheduling;

public sealed class ScenarioSearchTests
{
    /// <summary>Two direct writers and a truncate.</summary>
    public static Scenario WritersAndTruncate { get; } = new()
    {
        Name = "two writers and a truncate",
        Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 16384, Payload.Pattern(1))],
        Threads =
        [
            [Operation.StartDirect("a", "f", 0, 4096, Payload.Pattern(2)), Operation.WaitDirect("a", "f"), Operation.WriteDirect("f",
                16384, 4096, Payload.Pattern(3))],
            [Operation.StartDirect("b", "f", 8192, 8192, Payload.Pattern(4)), Operation.WaitDirect("b", "f")],
            [Operation.Truncate("f", 4096)],
        ],
    };

    /// <summary>A buffered read beside a direct write into preallocated space.</summary>
    public static Scenario ReadBesideWrite { get; } = new()
    {
        Name = "read beside write",
        Setup = [Operation.Create("f", "/f"), Operation.Fallocate("f", 0, 16384)],
        Threads =
        [
            [Operation.StartDirect("io", "f", 0, 4096, Payload.Pattern(1)), Operation.WaitDirect("io", "f"),
                Operation.ReadBuffered("f", 0, 4096)],
            [Operation.ReadBuffered("f", 0, 4096)],
        ],
    };

    [Fact]
    public void TheDefaultProtocolIsClean()
    {
        AssertClean(ScheduleSearch.Run(WritersAndTruncate, new ScheduleOptions { MostSchedules = 1_000 }));
        AssertClean(ScheduleSearch.Run(ReadBesideWrite, new ScheduleOptions { MostSchedules = 1_000 }));
    }

    [Fact]
    public void ACachedReadThatOutlivesTheAcknowledgementIsFound()
    {
        Scenario defective = ReadBesideWrite with { Mount = new MountOptions { Switches = ["InvalidateBeforeConvert"] } };
        ScheduleReport report = ScheduleSearch.Run(defective, new ScheduleOptions { MostSchedules = 3_000, StopsAtFirstFinding = true });
        ScheduleFinding finding = report.Findings[0];
        Assert.Contains(finding.Kind, new[] { ScheduleFindingKind.WrongRead, ScheduleFindingKind.LostUpdate });
        Assert.Equal(ViolationKind.WrongRead, finding.Violation!.Kind);
    }

    [Fact]
    public void AFileOpenedToAppendBySetUpIsOpenToAppendInEveryRun()
    {
        var scenario = new Scenario
        {
            Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 4096, Payload.Pattern(1)),
                Operation.Open("a", "/f", OpenOptions.Append)],
            Threads = [[Operation.WriteDirect("a", 0, 4096, Payload.Pattern(2))]],
        };
        var places = new List<(bool IsAppend, long OffsetBytes)>();
        ScheduleReport report = ScheduleSearch.Run(scenario, new ScheduleOptions
        {
            MostSchedules = 3,
            OnRun = run => places.Add((run.History.LoggedCalls[0].Operation.IsAppend, run.History.LoggedCalls[0].Operation.OffsetBytes)),
        });
        AssertClean(report);
        Assert.Equal(report.Schedules, places.Count);
        Assert.All(places, static place => Assert.Equal((true, 4096L), place));
    }

    private static void AssertClean(ScheduleReport report) => Assert.True(report.IsClean, report.ToString() + report
        .Findings.FirstOrDefault()?.Schedule.ToText());
}
