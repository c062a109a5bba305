using ExtShell.Engine.Volumes;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>
/// What a protocol does under the inode lock, or looks up there again: steps that no defect's scenario needs, and that are missed only
/// where another thread comes between.
/// </summary>
public sealed class StepsUnderTheLockTests
{
    private static readonly Scenario OneBlock = new()
    {
        Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 4096, Payload.Pattern(1)),
            Operation.Open("a", "/f", OpenOptions.Append)],
    };

    [Fact]
    public void A_buffered_append_looks_up_the_end_behind_a_direct_one_in_flight() => AssertClean("XfsStyle", OneBlock with
    {
        Threads =
        [
            [Operation.StartDirect("w", "a", 0, 4096, Payload.Pattern(2)), Operation.WaitDirect("w", "a")],
            [Operation.WriteBuffered("a", 0, 4096, Payload.Pattern(3))],
        ],
    });

    [Fact]
    public void A_write_into_a_hole_is_judged_again_where_a_truncate_came_before_its_lock() => AssertClean("Ext4Iomap2023", OneBlock with
    {
        Setup = [.. OneBlock.Setup, Operation.Truncate("f", 16384)],
        Threads =
        [
            [Operation.StartDirect("w", "f", 8192, 4096, Payload.Pattern(2)), Operation.WaitDirect("w", "f")],
            [Operation.Truncate("f", 4096)],
            [Operation.SyncVolume()],
        ],
    });

    [Fact]
    public void The_hole_in_the_last_block_is_inside_the_size() => AssertClean("Ext4Iomap2019", OneBlock with
    {
        Setup = [.. OneBlock.Setup, Operation.Truncate("f", 6144)],
        Threads = [[Operation.WriteDirect("f", 4096, 4096, Payload.Pattern(2))], [Operation.ReadBuffered("f", 0, 8192)],
            [Operation.SyncVolume()]],
    });

    private static void AssertClean(string protocol, Scenario scenario)
    {
        ScheduleReport report = ScheduleSearch.Run(
            scenario with { Holds = [ScenarioPromise.NoWarnings], Mount = new MountOptions { Protocol = protocol } },
            new ScheduleOptions { MostSchedules = 1_500, ExploresCrashStates = true, MostLeaves = 100 });
        Assert.True(report.IsClean, $"{report}");
    }
}
