using System.Globalization;
using ExtShell.Engine.IO;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Regressions;

/// <summary>
/// A scenario of <c>examples/regressions</c>, with what its comments say: <c># checks:</c> what it is about, <c># search:</c> how far it is
/// searched, <c># differs:</c> why protocols answer differently, in as many lines as it needs, <c># stated:</c> the protocols that say
/// themselves that they do what is found.
/// </summary>
/// <param name="Name">The file's name, without its extension.</param>
/// <param name="Text">The scenario's text.</param>
public sealed record RegressionScenario(string Name, string Text)
{
    private const string BlockMapped = "^extents,^64bit";
    private const string MadeForBlockMaps = "Ext3Indirect";
    private const long StandardSchedules = 2_000;

    /// <summary>What it checks.</summary>
    public string Checks => string.Join(' ', Comments("checks"));

    /// <summary>Why protocols differ; empty where they do not.</summary>
    public IReadOnlyList<string> Differs => Comments("differs");

    /// <summary>The protocols that state what is found here: it follows from how they are made.</summary>
    public IReadOnlyList<string> Stated => Comments("stated");

    /// <summary>Whether crash states are explored.</summary>
    public bool ExploresCrashStates => MostLeaves > 0;

    private long MostLeaves => SearchValue("crash", 0);

    /// <summary>Reads all scenarios of a folder, by name.</summary>
    public static IReadOnlyList<RegressionScenario> Load(string folder) =>
    [
        .. Directory.GetFiles(folder, "*.scenario")
            .Select(static path => new RegressionScenario(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path)))
            .OrderBy(static scenario => scenario.Name, StringComparer.Ordinal),
    ];

    /// <summary>
    /// The scenario under a protocol, all switches off, on each format that the protocol serves, the one it was made for first.
    /// </summary>
    public IEnumerable<RegressionCase> Under(ProtocolDescription protocol)
    {
        Scenario scenario = Scenario.Parse(Text);
        Scenario mounted = scenario with
        {
            Mount = scenario.Mount with { Protocol = protocol.Name, Switches = [] },
            IsPersistentMemory = protocol.DataPath == DataPath.Memory,
        };
        var extents = new RegressionCase(protocol.Name, "", mounted);
        if (!protocol.ServesBlockMaps)
            return [extents];
        var blockMaps = new RegressionCase(protocol.Name, "", mounted with { Volume = scenario.Volume with { Features = BlockMapped } });
        return protocol.Name == MadeForBlockMaps
            ? [blockMaps, extents with { OtherFormat = "on extents" }]
            : [extents, blockMaps with { OtherFormat = "on block maps" }];
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

    private string[] Comments(string key)
    {
        string head = $"# {key}:";
        return [.. Text.Split('\n').Where(line => line.StartsWith(head, StringComparison.Ordinal))
            .Select(line => line[head.Length..].Trim())];
    }

    private long SearchValue(string key, long otherwise)
    {
        foreach (string word in Comments("search").SelectMany(static line => line.Split(' ')))
        {
            if (word.StartsWith(key + "=", StringComparison.Ordinal))
                return long.Parse(word.AsSpan(key.Length + 1), CultureInfo.InvariantCulture);
        }

        return otherwise;
    }
}
