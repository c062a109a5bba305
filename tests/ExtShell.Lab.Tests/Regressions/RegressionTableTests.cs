using ExtShell.TestTools.Regressions;

namespace ExtShell.Lab.Tests.Regressions;

/// <summary>
/// The regression scenarios do under every protocol what their table says, and nothing is found in them. Four of them each time, by a seed; <c>EXTSHELL_FULL=1</c> runs all.
/// </summary>
public sealed class RegressionTableTests
{
    private const int Share = 4;
    private const ulong Seed = 2012;
    private static readonly string Folder = Path.Combine(Examples.Folder, "regressions");

    public static TheoryData<string> Names
    {
        get
        {
            bool isFull = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1";
            IReadOnlyList<RegressionScenario> all = RegressionScenario.Load(Folder);
            IEnumerable<RegressionScenario> cheap = all.Where(static scenario => !scenario.ExploresCrashStates).OrderBy(static scenario => Shuffled(scenario.Name));
            return [.. (isFull ? all : cheap.Take(Share)).Select(static scenario => scenario.Name)];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_does_what_the_table_says_and_is_clean(string name)
    {
        RegressionScenario scenario = RegressionScenario.Load(Folder).Single(scenario => scenario.Name == name);
        IReadOnlyList<RegressionResult> results = RegressionTable.Run(scenario);
        Assert.Equal(RegressionTable.Read(Folder)[name], RegressionTable.Block(scenario, results));
        Assert.All(results, result => Assert.True(result.IsClean, $"{name}, {result.Protocol}: {result.Report}"));
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
            Assert.DoesNotContain("FOUND", blocks[scenario.Name], StringComparison.Ordinal);
            int groups = blocks[scenario.Name].Split('\n').Skip(2).Count(static line => line.Length > 0 && line[0] is not ' ' && !line.StartsWith("differs:", StringComparison.Ordinal));
            Assert.True((groups > 1) == (scenario.Differs.Length > 0), $"{scenario.Name}: {groups} ways to behave; differs: {scenario.Differs}");
        }
    }

    private static ulong Shuffled(string name)
    {
        ulong hash = Seed;
        foreach (char c in name)
            hash = (hash ^ c) * 0x0000_0100_0000_01B3;
        return hash;
    }
}
