using System.Text;
using ExtShell.Engine.IO;

namespace ExtShell.TestTools.Regressions;

/// <summary>
/// What every protocol does in every scenario of <c>examples/regressions</c>, as text: a block for each scenario, in it the protocols that
/// behave the same, in the order of history, and what they do.
/// </summary>
public static class RegressionTable
{
    /// <summary>The file that the table is kept in, in the scenarios' folder.</summary>
    public const string FileName = "results.txt";

    private const string BlockHead = "== ";

    private const string Preface = """
        # What each protocol does in each scenario, with all its switches off: `ExtShell.Benchmarks regressions --record` writes this file.
        # After a protocol: how many schedules were run, all there are up to steps that commute, or with a + as many as the scenario's
        # bound allows; and how many outcomes of a cut were judged, where the scenario asks for cuts. Then what its threads' calls
        # answered, and under it what the files held in the end; then what each reader saw. #N is the bytes of the write that the scenario
        # gives pattern N; "end" is the end of the file. Nothing was found wrong where no line says FOUND; "why" says why protocols
        # differ. Each protocol is run on both formats where it serves both: its own (block maps for Ext3Indirect, extents for the
        # others), and the other, which is named then. Ext4Dax2014 has persistent memory, the others a disk.

        """;

    /// <summary>Runs a scenario under every protocol, on the formats that it serves.</summary>
    public static IReadOnlyList<RegressionResult> Run(RegressionScenario scenario) =>
        [.. WriteProtocols.All.SelectMany(scenario.Under).Select(searched => RegressionResult.Of(searched, scenario.Options))];

    /// <summary>The block of a scenario.</summary>
    public static string Block(RegressionScenario scenario, IReadOnlyList<RegressionResult> results)
    {
        var text = new StringBuilder();
        text.Append(BlockHead).Append(scenario.Name).Append('\n').Append(scenario.Checks).Append('\n');
        foreach (IGrouping<string, RegressionResult> alike in results.GroupBy(static result => result.Behaviour))
            text.Append(string.Join(", ", alike.GroupBy(static result => result.Case.Protocol).Select(Head))).Append('\n')
                .Append(alike.Key);
        foreach (string why in scenario.Differs)
            text.Append("why: ").Append(why).Append('\n');
        return text.ToString();
    }

    /// <summary>A protocol that behaves alike on one format or on both, with what was searched on each.</summary>
    private static string Head(IGrouping<string, RegressionResult> protocol)
    {
        RegressionResult first = protocol.First();
        IEnumerable<string> searched = protocol.Skip(1).Select(static other => $"{other.Case.OtherFormat} {other.Searched}".TrimEnd())
            .Prepend(first.Searched);
        string counts = string.Join("; ", searched.Where(static count => count.Length > 0));
        return counts.Length == 0 ? $"{first.Case}" : $"{first.Case} ({counts})";
    }

    /// <summary>The file, of its blocks.</summary>
    public static string Compose(IEnumerable<string> blocks) => Preface + string.Join('\n', blocks);

    /// <summary>The blocks of a file, by scenario.</summary>
    public static IReadOnlyDictionary<string, string> Read(string folder)
    {
        var blocks = new Dictionary<string, string>(StringComparer.Ordinal);
        string text = File.ReadAllText(Path.Combine(folder, FileName)).ReplaceLineEndings("\n");
        foreach (string block in text.Split("\n" + BlockHead)[1..])
            blocks.Add(block[..block.IndexOf('\n')], BlockHead + block.TrimEnd('\n') + "\n");
        return blocks;
    }
}
