using System.Text.RegularExpressions;
using ExtShell.TestTools.Regressions;

namespace ExtShell.Lab.Tests.Regressions;

/// <summary>
/// The regression scenarios do under every protocol what their table says, and nothing is found in them. Each time those that explore no
/// crash states, and two of the others, by a seed; <c>EXTSHELL_FULL=1</c> runs all, and holds the table to the counts of schedules and
/// crash outcomes too.
/// </summary>
public sealed partial class RegressionTableTests
{
    private const int ShareWithCrashStates = 2;
    private const ulong Seed = 2015;
    private static readonly string Folder = Path.Combine(Examples.Folder, "regressions");
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1";

    public static TheoryData<string> Names
    {
        get
        {
            IReadOnlyList<RegressionScenario> all = RegressionScenario.Load(Folder);
            IEnumerable<RegressionScenario> cuts = all.Where(static scenario => scenario.ExploresCrashStates)
                .OrderBy(static scenario => Shuffled(scenario.Name));
            IEnumerable<RegressionScenario> share = all.Where(static scenario => !scenario.ExploresCrashStates)
                .Concat(cuts.Take(ShareWithCrashStates));
            return [.. (IsFull ? all : share).Select(static scenario => scenario.Name)];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_does_what_the_table_says_and_is_clean(string name)
    {
        RegressionScenario scenario = RegressionScenario.Load(Folder).Single(scenario => scenario.Name == name);
        IReadOnlyList<RegressionResult> results = RegressionTable.Run(scenario);
        string recorded = RegressionTable.Read(Folder)[name];
        string block = RegressionTable.Block(scenario, results);
        Assert.Equal(IsFull ? recorded : WithoutCounts(recorded), IsFull ? block : WithoutCounts(block));
        Assert.All(results, result => Assert.True(result.IsClean || IsStated(scenario, result), $"{name}, {result.Case}: {result.Report}"));
    }

    [Fact]
    public void The_table_has_every_scenario_and_says_why_protocols_differ()
    {
        IReadOnlyList<RegressionScenario> scenarios = RegressionScenario.Load(Folder);
        IReadOnlyDictionary<string, string> blocks = RegressionTable.Read(Folder);
        Assert.Equal(scenarios.Select(static scenario => scenario.Name), blocks.Keys.Order(StringComparer.Ordinal));
        foreach (RegressionScenario scenario in scenarios)
        {
            Assert.NotEmpty(scenario.Checks);
            Assert.Equal(scenario.Stated.Count,
                blocks[scenario.Name].Split('\n').Count(static line => line.StartsWith("  FOUND", StringComparison.Ordinal)));
            int groups = blocks[scenario.Name].Split('\n').Skip(2)
                .Count(static line => line.Length > 0 && line[0] != ' ' && !line.StartsWith("why:", StringComparison.Ordinal));
            Assert.True((groups > 1) == (scenario.Differs.Count > 0),
                $"{scenario.Name}: {groups} ways to behave; differs: {string.Join(' ', scenario.Differs)}");
        }
    }

    private static string WithoutCounts(string block) => Counts().Replace(block, "");

    [GeneratedRegex(@" \([^()]*\)(?=,|\n)")]
    private static partial Regex Counts();

    private static bool IsStated(RegressionScenario scenario, RegressionResult result) => scenario.Stated.Contains(result.Case.ToString());

    private static ulong Shuffled(string name)
    {
        ulong hash = Seed;
        foreach (char c in name)
            hash = (hash ^ c) * 0x0000_0100_0000_01B3;
        return hash;
    }
}
