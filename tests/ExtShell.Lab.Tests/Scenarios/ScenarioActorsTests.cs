using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>
/// Who takes part in a run beside its callers: completions, the journal's thread, write-back, memory pressure, failures; and callers that
/// are written in C#.
/// </summary>
public sealed class ScenarioActorsTests
{
    private const string Head =
        "setup\n create f /f\n truncate f to=16384\n create g /g\n write-direct g at=0 length=4096 data=pattern:1\n";

    public static TheoryData<string> Protocols => [.. WriteProtocols.Names];

    [Fact]
    public void Asynchronous_writes_end_in_any_order()
    {
        var orders = new SortedSet<string>(StringComparer.Ordinal);
        Search(Head + "thread\n start-direct a f at=0 length=4096 data=pattern:2\n start-direct b f at=8192 length=4096 data=pattern:3\n "
        + "wait-direct a f\n wait-direct b f\n",
            run => orders.Add(CallsOf(run, OperationKind.StartDirect).Select(static call => call.Acknowledged.Sequence).Aggregate(
                "", static (text, at) => text + " " + at)));
        Assert.Contains(orders, static order => IsRising(order));
        Assert.Contains(orders, static order => !IsRising(order));
    }

    [Theory]
    [InlineData("full leave=0", Errno.ENOSPC)]
    [InlineData("io-error op=write file=f", Errno.EIO)]
    [InlineData("privilege-error errno=EROFS", Errno.EROFS)]
    [InlineData("conversion-error file=f", Errno.EIO)]
    public void A_failure_is_injected_at_any_moment(string injection, Errno error)
    {
        var answers = new SortedSet<Errno>();
        Search($"{Head}thread\n write-direct f at=0 length=4096 data=pattern:2\nthread\n inject {injection}\n",
            run => answers.UnionWith(CallsOf(run, OperationKind.WriteDirect).Select(static call => call.Error)));
        Assert.Equal([Errno.None, error], answers);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Memory_pressure_takes_pages_and_inodes_at_any_moment(string protocol)
    {
        var seen = new HashSet<string>();
        uint inode = ScenarioRunner.Run(Scenario.Parse(Head)).Volume.Stat("/g").Inode;
        Scenario scenario = Parse(
            protocol, Head + "close g\nthread\n open r /g\n read-buffered r at=0 length=4096\n close r\n read-direct f at=0 length=4096\n"
            + "thread\n drop-caches\n open s /g\n read-buffered s at=0 length=4096\n") with
        {
            Bodies =
            [
                context =>
                {
                    string before = Known(context, inode);
                    context.Volume.DropCaches();
                    seen.Add($"{before}, then {Known(context, inode)}");
                    return default;
                },
            ],
        };
        ScheduleReport report = ScheduleSearch.Run(scenario, Options(1_500));
        Assert.True(report.IsClean, $"{report}\n{string.Join('\n', report.Findings)}");
        Assert.Contains(seen, static one => one is "known, then gone" or "known with pages, then gone");
        Assert.True(seen.Contains("known with pages, then known") || WriteProtocols.Describe(protocol).DataPath == DataPath.Memory,
            string.Join("; ", seen));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Write_back_and_commits_come_by_themselves_at_any_moment(string protocol)
    {
        Scenario scenario = Parse(protocol,
            Head + "thread\n write-buffered f at=0 length=4096 data=pattern:2\n start-direct w g at=4096 length=4096 data=pattern:3\n"
            + "thread\n write-back\nthread\n commit\n");
        bool hasWritten = false, hasFlushed = false;
        ScheduleReport report = ScheduleSearch.Run(scenario, Options(200) with
        {
            ExploresCrashStates = true,
            MostLeaves = 50,
            OnRun = run =>
            {
                hasWritten |= run.History.Log!.Bios.Any(static bio => bio.Operation == BioOperation.Write && Holds(bio, pattern: 2));
                hasFlushed |= run.History.Log!.Bios.Any(static bio => bio.Operation == BioOperation.Flush);
            },
        });
        Assert.True(report.IsClean, $"{report}\n{string.Join('\n', report.Findings)}");
        Assert.True(hasWritten && (hasFlushed || protocol == "Ext4Dax2014"), $"written back: {hasWritten}, committed: {hasFlushed}");
    }

    [Fact]
    public void The_commit_that_comes_by_itself_is_enough_to_show_a_size_without_its_data()
    {
        const string text = "volume features=\"^extents,^64bit\"\nsetup\n create f /f\nthread\n start-direct w f at=0 length=4096 "
            + "data=pattern:2\nthread\n commit\n";
        ScheduleReport posted = ScheduleSearch.Run(
            Parse("Ext3Indirect", text, "ExtendingAioReturns"), Options(2_000) with { ExploresCrashStates = true });
        Assert.Contains(posted.Findings, static finding => finding.Violation?.Kind == ViolationKind.StaleExposed);
        Assert.True(ScheduleSearch.Run(Parse("Ext3Indirect", text), Options(2_000) with { ExploresCrashStates = true }).IsClean);
    }

    [Fact]
    public void A_thread_in_CSharp_races_with_the_others_is_judged_and_replayed()
    {
        static Scenario Make(params string[] switches) => Parse(
            "Ext4Iomap2023", Head + "thread\n start-direct w f at=0 length=4096 data=pattern:2\n wait-direct w f\n", switches) with
        {
            Bodies = [static async context => await context.Files["f"].ReadBufferedAsync(0, new byte[4096])],
        };
        ScheduleReport posted = ScheduleSearch.Run(Make("FillHolesWritten"), Options(2_000));
        ScheduleFinding finding = Assert.Single(posted.Findings, static finding => finding.Kind == ScheduleFindingKind.WrongRead);
        Assert.Contains(ScheduleSearch.Replay(finding.Schedule).Findings, again => again.Message == finding.Message);
        ScheduleReport cured = ScheduleSearch.Run(Make(), Options(2_000));
        Assert.True(cured is { IsClean: true, IsExhaustive: true }, $"{cured}");
    }

    private static void Search(string text, Action<ScheduleRun> onRun)
    {
        ScheduleReport report = ScheduleSearch.Run(Parse("Ext4Iomap2023", text), Options(2_000) with { OnRun = onRun });
        Assert.True(report.IsClean, $"{report}\n{string.Join('\n', report.Findings)}");
    }

    private static Scenario Parse(string protocol, string text, params string[] switches)
    {
        var scenario = Scenario.Parse(text);
        return scenario with { Mount = scenario.Mount with { Protocol = protocol, Switches = switches } };
    }

    private static ScheduleOptions Options(long schedules) =>
        new() { Strategy = SearchStrategy.Exhaustive, MostSchedules = schedules, Workers = 1 };

    private static IEnumerable<RecordedCall> CallsOf(ScheduleRun run, OperationKind kind) =>
        run.History.LoggedCalls.ToArray().Where(call => call.Operation.Kind == kind);

    private static bool IsRising(string order)
    {
        int[] sequence = Array.ConvertAll(order.Split(' ', StringSplitOptions.RemoveEmptyEntries), int.Parse);
        return sequence[0] < sequence[1];
    }

    private static string Known(ScenarioContext context, uint number)
    {
        Inode? inode = context.Volume.Inodes.Find(number);
        return inode is null ? "gone" : inode.HasPages && inode.Pages.Count > 0 ? "known with pages" : "known";
    }

    private static bool Holds(LoggedBio bio, int pattern) =>
        bio.Data.Length >= 32 && Payload.TryReadPattern(bio.Data.Span, out int number, out _) && number == pattern;
}
