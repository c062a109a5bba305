using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scheduling;

/// <summary>Footprints are sound: what the reduced search leaves out shows nothing new.</summary>
public sealed class FootprintTests
{
    public static TheoryData<string> Names => [.. Small.Keys];

    private static Dictionary<string, Scenario> Small { get; } = new()
    {
        ["write and truncate"] = Of(
            [Operation.WriteDirect("f", 4096, 4096, Payload.Pattern(2))],
            [Operation.Truncate("f", 4096)]),
        ["two writes in one hole"] = Of(
            [Operation.WriteDirect("f", 32768, 4096, Payload.Pattern(2))],
            [Operation.WriteDirect("f", 36864, 4096, Payload.Pattern(3))]),
        ["write, sync and read"] = Of(
            [Operation.WriteDirect("f", 0, 4096, Payload.Pattern(2)), Operation.Fsync("f")],
            [Operation.ReadDirect("f", 0, 8192)]),
        ["asynchronous write beside a buffered read"] = Of(
            [Operation.StartDirect("a", "f", 0, 4096, Payload.Pattern(2)), Operation.WaitDirect("a", "f")],
            [Operation.ReadBuffered("f", 0, 4096)]),
        ["create and write"] = Of(
            [Operation.Create("g", "/g")],
            [Operation.WriteBuffered("f", 0, 4096, Payload.Pattern(2))]),
        ["unlink and write"] = Of(
            [Operation.Unlink("/f")],
            [Operation.WriteDirect("f", 16384, 4096, Payload.Pattern(2))]),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void TheReducedSearchSeesEveryHistory(string name)
    {
        var options = new ScheduleOptions { Strategy = SearchStrategy.PreemptionBounded, PreemptionBound = 1000, MostSchedules = 6_000 };
        ScheduleReport brute = ScheduleSearch.Run(Small[name], options);
        ScheduleReport reduced = ScheduleSearch.Run(Small[name], options with { Strategy = SearchStrategy.Exhaustive });
        Assert.True(reduced.IsExhaustive, reduced.Summary);
        Assert.True(brute.IsClean && reduced.IsClean, $"{brute}\n{reduced}");
        Assert.True(reduced.Distinct >= brute.Distinct, $"{brute.Summary}\n{reduced.Summary}");
        if (brute.IsExhaustive)
            Assert.Equal(brute.Distinct, reduced.Distinct);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void StepsThatAreSaidToCommuteDo(string name)
    {
        var audit = new ScheduleAudit(Small[name]);
        for (ulong seed = 1; seed <= 40; seed++)
            audit.Audit(seed, mostPairs: 4);
        Assert.True(audit.Objections.Count == 0, string.Join('\n', audit.Objections.Take(5)));
        Assert.True(audit.Exchanged >= 10, $"{audit.Exchanged} pairs");
    }

    private static Scenario Of(params IReadOnlyList<Operation>[] threads) => new()
    {
        Name = "small",
        Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 16384, Payload.Pattern(1))],
        Threads = threads,
    };
}
