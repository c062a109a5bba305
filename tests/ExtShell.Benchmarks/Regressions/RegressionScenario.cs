using System.Globalization;
using ExtShell.Engine.IO;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Regressions;

/// <summary>
/// A scenario of <c>examples/regressions</c>, with what its comments say: <c># checks:</c> what it is about, <c># search:</c> how far it is searched,
/// <c># differs:</c> why protocols answer differently.
/// </summary>
/// <param name="Name">The file's name, without its extension.</param>
/// <param name="Text">The scenario's text.</param>
public sealed record RegressionScenario(string Name, string Text)
{
    private const string BlockMapped = "^extents,^64bit";
    private const long StandardSchedules = 2_000;

    /// <summary>What it checks.</summary>
    public string Checks => Comment("checks");

    /// <summary>Why protocols differ; empty where they do not.</summary>
    public string Differs => Comment("differs");

    /// <summary>Whether crash states are explored.</summary>
    public bool ExploresCrashStates => MostLeaves > 0;

    private long MostLeaves => SearchValue("crash", 0);

    /// <summary>Reads all scenarios of a folder, by name.</summary>
    public static IReadOnlyList<RegressionScenario> Load(string folder) =>
    [
        .. Directory.GetFiles(folder, "*.scenario").Order(StringComparer.Ordinal)
            .Select(static path => new RegressionScenario(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path))),
    ];

    /// <summary>The scenario under a protocol, all switches off, on the format and device that the protocol was made for.</summary>
    public Scenario Under(string protocol)
    {
        Scenario scenario = Scenario.Parse(Text);
        bool isBlockMapped = protocol == "Ext3Indirect" && scenario.Volume.Features.Length == 0;
        return scenario with
        {
            Mount = scenario.Mount with { Protocol = protocol, Switches = [] },
            Volume = isBlockMapped ? scenario.Volume with { Features = BlockMapped } : scenario.Volume,
            IsPersistentMemory = WriteProtocols.Describe(protocol).DataPath == DataPath.Memory,
        };
    }

    /// <summary>How it is searched: all schedules up to commuting steps, within a bound.</summary>
    public ScheduleOptions Options => new()
    {
        Strategy = SearchStrategy.Exhaustive,
        MostSchedules = SearchValue("schedules", StandardSchedules),
        ExploresCrashStates = ExploresCrashStates,
        MostLeaves = Math.Max(1, MostLeaves),
        Workers = 1,
    };

    /// <inheritdoc/>
    public override string ToString() => Name;

    private string Comment(string key)
    {
        string head = $"# {key}:";
        foreach (string line in Text.Split('\n'))
        {
            if (line.StartsWith(head, StringComparison.Ordinal))
                return line[head.Length..].Trim();
        }

        return "";
    }

    private long SearchValue(string key, long otherwise)
    {
        foreach (string word in Comment("search").Split(' '))
        {
            if (word.StartsWith(key + "=", StringComparison.Ordinal))
                return long.Parse(word.AsSpan(key.Length + 1), CultureInfo.InvariantCulture);
        }

        return otherwise;
    }
}
