using System.Diagnostics;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;
using ExtShell.TestTools.Traces;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>
/// A run is a function of its scenario, its protocol with its switches, its strategy and its seed: every example, run twice under each
/// strategy, decides, answers, writes and finds the same, byte by byte; and some of them in another process.
/// </summary>
public sealed class RunIsAFunctionTests
{
    private const int ShareOfOtherProcess = 12;

    public static TheoryData<SearchStrategy> Strategies => [.. Enum.GetValues<SearchStrategy>()];

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Every_example_run_twice_leaves_the_same_trace(SearchStrategy strategy)
    {
        foreach (ExampleCase example in ExampleCase.Load(Examples.Folder))
        {
            byte[] first = RunTrace.Of(example.Scenario, strategy);
            byte[] second = RunTrace.Of(example.Scenario, strategy);
            Assert.True(first.AsSpan().SequenceEqual(second),
                $"{example}: the traces differ from byte {first.AsSpan().CommonPrefixLength(second)} on");
        }
    }

    [Fact]
    public void Every_scenario_file_is_a_case()
    {
        IEnumerable<string> cases = ExampleCase.Load(Examples.Folder).Select(static example => example.Path).Distinct();
        Assert.Equal(ExampleCase.Paths(Examples.Folder), cases.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Another_process_leaves_the_same_traces()
    {
        string[] here = [.. ExampleCase.Load(Examples.Folder).Where(static (_, index) => index % ShareOfOtherProcess == 0)
            .Select(RunTrace.Digest)];
        Assert.Equal(here, DigestsOfAnotherProcess());
    }

    [Fact]
    public void Seeds_lead_to_different_traces()
    {
        var scenario = Scenario.Parse(File.ReadAllText(Path.Combine(Examples.Folder, "regressions", "cycle-writes.scenario")));
        IEnumerable<string> traces = Enumerable.Range(1, 10)
            .Select(seed => Convert.ToHexString(RunTrace.Of(scenario, SearchStrategy.Random, (ulong)seed)));
        Assert.True(traces.Distinct().Count() > 5);
    }

    private static string[] DigestsOfAnotherProcess()
    {
        string program = Path.Combine(AppContext.BaseDirectory.Replace(
            "ExtShell.Lab.Tests", "ExtShell.Benchmarks", StringComparison.Ordinal), "ExtShell.Benchmarks.dll");
        var start = new ProcessStartInfo("dotnet",
            [program, "traces", "--every", $"{ShareOfOtherProcess}", "--folder", Examples.Folder]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
