using System.Globalization;
using System.Numerics;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Verbs;
using Xunit.Abstractions;

namespace ExtShell.Lab.Tests.Crash;

/// <summary>
/// The lazy explorer against brute force on random small scenarios: each crash state, built byte by byte, mounted and checked whole, falls
/// in exactly one leaf, with the same tree and findings, and as many fall in a leaf as its weight says.
/// </summary>
/// <remarks>
/// <c>EXTSHELL_FULL=1 dotnet test tests/ExtShell.Lab.Tests -c Release --filter BruteForce --logger "console;verbosity=detailed"</c> runs
/// 10,000 scenarios and prints the histogram; <c>EXTSHELL_COUNT</c> and <c>EXTSHELL_SEED</c> choose others.
/// </remarks>
public class BruteForceTests(ITestOutputHelper output)
{
    private static readonly int Count = Number("EXTSHELL_COUNT", Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1" ? 10_000 : 24);
    private static readonly int FirstSeed = Number("EXTSHELL_SEED", 1);

    [Fact]
    public void BruteForceAndLazyExplorerAgreeOnRandomSmallScenarios()
    {
        var counts = new List<long>();
        int interrupted = 0;
        long leaves = 0;
        for (int seed = FirstSeed; seed < FirstSeed + Count; seed++)
        {
            (ScenarioRun run, BigInteger states) = SmallScenarioGenerator.Make((ulong)seed);
            BruteForce.Comparison comparison = new BruteForce(run.Log, run.Scenario.Device).Compare();
            Assert.True(
                comparison.DisagreementCount == 0,
                $"seed {seed}: {comparison.DisagreementCount} "
                    + $"disagreements\n{string.Join('\n', comparison.Disagreements)}\n{run.Scenario.ToText()}");
            Assert.Equal(states, comparison.States);
            counts.Add(comparison.States);
            leaves += comparison.Leaves;
            interrupted += IsInTheMiddle(run) ? 1 : 0;
        }

        Print(counts, leaves, interrupted);
        if (Count >= 1000)
        {
            counts.Sort();
            Assert.True(counts[counts.Count / 2] >= 256, $"median {counts[counts.Count / 2]}");
            Assert.True(counts.Count(count => count >= 4096) * 10 >= counts.Count, "a tenth has 4,096 states or more");
            Assert.True(interrupted * 2 >= counts.Count, "half of them replay a transaction with AIO in flight");
        }
    }

    /// <summary>
    /// Whether asynchronous writes are in flight at the end of the log and recovery replays a transaction there: seen, not intended.
    /// </summary>
    private static bool IsInTheMiddle(ScenarioRun run)
    {
        if (!SmallScenarioGenerator.EndsInTheMiddle(run.Log))
            return false;
        var cut = PowerCut.At(run.Log, run.Scenario.Device);
        return Replays(cut.Newest()) || Replays(cut.Oldest());
    }

    private static bool Replays(CrashState state)
    {
        try
        {
            return Laboratory.MountCrashState(state).Recovery is { TransactionsReplayed: > 0 };
        }
        catch (CorruptionException)
        {
            return false;
        }
    }

    private void Print(List<long> counts, long leaves, int interrupted)
    {
        output.WriteLine(
            $"{counts.Count:N0} scenarios (seeds {FirstSeed} to {FirstSeed + Count - 1}), {counts.Sum():N0} crash states, "
                + $"{leaves:N0} leaves; {interrupted:N0} scenarios replay a transaction and have AIO in flight");
        var buckets = new SortedDictionary<int, int>();
        foreach (long count in counts)
        {
            int bucket = BitOperations.Log2((ulong)count);
            buckets[bucket] = buckets.GetValueOrDefault(bucket) + 1;
        }

        foreach ((int bucket, int scenarios) in buckets)
        {
            var bar = new string('#', (int)Math.Ceiling(60.0 * scenarios / counts.Count));
            output.WriteLine($"{1L << bucket,7:N0} to {(2L << bucket) - 1,7:N0} states: {scenarios,6:N0} {bar}");
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : otherwise;
}
