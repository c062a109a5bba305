using System.Collections.Concurrent;
using ExtShell.Format.Errors;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;
using ExtShell.TestTools.Traces;

namespace ExtShell.Lab.Tests.Scheduling;

/// <summary>Footprints are sound: what the reduced search leaves out shows nothing new.</summary>
public sealed class FootprintTests
{
    private static readonly ulong SeedsOfExample = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 200UL : 10;
    private const int PairsOfExample = 12;

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

    /// <summary>The same in every example, under every protocol that it is there for, and with the switches of its defect on.</summary>
    [Theory]
    [InlineData("defects/")]
    [InlineData("regressions/")]
    public void StepsOfTheExamplesThatAreSaidToCommuteDo(string folder)
    {
        var objections = new ConcurrentBag<string>();
        int exchanged = 0;
        IEnumerable<ExampleCase> examples = ExampleCase.Load(Examples.Folder)
            .Where(example => example.Path.StartsWith(folder, StringComparison.Ordinal));
        Parallel.ForEach(examples, example =>
        {
            if (TryAudit(example.Scenario) is not { } audit)
                return;
            foreach (string objection in audit.Objections)
                objections.Add($"{example}: {objection}");
            Interlocked.Add(ref exchanged, audit.Exchanged);
        });
        Assert.True(
            objections.IsEmpty,
            $"{objections.Count} of {exchanged} pairs\n{string.Join('\n', objections.Order(StringComparer.Ordinal).Take(12))}");
        Assert.True(exchanged > 500, $"{exchanged} pairs");
    }

    /// <summary>An audit of a few runs; null where the protocol refuses the mount.</summary>
    private static ScheduleAudit? TryAudit(Scenario scenario)
    {
        ScheduleAudit audit;
        try
        {
            audit = new ScheduleAudit(scenario);
        }
        catch (FileSystemException)
        {
            return null;
        }

        for (ulong seed = 1; seed <= SeedsOfExample; seed++)
            audit.Audit(seed, PairsOfExample);
        return audit;
    }

    private static Scenario Of(params IReadOnlyList<Operation>[] threads) => new()
    {
        Name = "small",
        Setup = [Operation.Create("f", "/f"), Operation.WriteDirect("f", 0, 16384, Payload.Pattern(1))],
        Threads = threads,
    };
}
