using System.Globalization;
using System.Text;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scenarios;

/// <summary>A run is a function of its scenario and its strategy: every example, run twice, decides, writes and answers the same.</summary>
public sealed class RunIsAFunctionTests
{
    public static TheoryData<string> Paths =>
    [
        .. Directory.GetFiles(Examples.Folder, "*.scenario", SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(Examples.Folder, path)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public void An_example_run_twice_leaves_the_same_trace(string path)
    {
        Scenario scenario = Scenario.Parse(File.ReadAllText(Path.Combine(Examples.Folder, path)));
        foreach (string protocol in new[] { scenario.Mount.Protocol, "Ext4EndIo2009" })
        {
            Scenario mounted = scenario with { Mount = scenario.Mount with { Protocol = protocol } };
            string first = Trace(mounted, seed: 7);
            Assert.Equal(first, Trace(mounted, seed: 7));
            Assert.Contains("\n", first, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Seeds_lead_to_different_traces()
    {
        Scenario scenario = Scenario.Parse(File.ReadAllText(Path.Combine(Examples.Folder, "regressions", "cycle-writes.scenario")));
        Assert.True(Enumerable.Range(1, 10).Select(seed => Trace(scenario, (ulong)seed)).Distinct().Count() > 5);
    }

    private static string Trace(Scenario scenario, ulong seed)
    {
        var text = new StringBuilder();
        ScenarioRun run = ScenarioRunner.Run(scenario, new Tracing(new RandomStrategy(seed), text));
        foreach (LoggedBio bio in run.Log.Bios)
        {
            text.Append(CultureInfo.InvariantCulture, $"bio {bio.Operation} fua={bio.IsFua} {bio.OffsetBytes}+{bio.LengthBytes}");
            text.Append(CultureInfo.InvariantCulture, $" at {bio.SubmittedAt}..{bio.CompletedAt} {bio.Error} {bio.Origin} {Convert.ToHexString(bio.Data.Span)}\n");
        }

        foreach (RecordedCall call in run.History.Calls)
        {
            text.Append(CultureInfo.InvariantCulture, $"{call} thread {call.Operation.Thread} of {call.Called}, {call.Returned}, {call.Acknowledged}");
            text.Append(CultureInfo.InvariantCulture, $": {call.Result} {call.Error} {Convert.ToHexString(call.Seen.Span)}\n");
        }

        return text.ToString();
    }

    /// <summary>Writes down what was on offer, and what was picked.</summary>
    private sealed class Tracing(IScheduleStrategy inner, StringBuilder into) : IScheduleStrategy
    {
        public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
        {
            int picked = inner.Pick(machine, choices);
            foreach (Choice choice in choices)
                into.Append(choice.Describe()).Append(" | ");
            into.Append(CultureInfo.InvariantCulture, $"picked {picked}\n");
            return picked;
        }
    }
}
