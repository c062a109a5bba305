using System.Globalization;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Defects;

/// <summary>
/// One row of <c>examples/defects/defects.txt</c>: a historic defect, the settings that open and close it, and where it is looked for.
/// </summary>
/// <param name="Id">The defect: D1 to D25.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Defective">Switches and knobs that open it.</param>
/// <param name="Cured">
/// Switches and knobs that close it: with the same scenario and search nothing is found; "stated" where nothing does, and the product says
/// so.
/// </param>
/// <param name="Search">The strategy and its bounds, as text.</param>
/// <param name="ScenarioName">The scenario's file, without its extension.</param>
/// <param name="Seen">The kind of finding or violation that shows it; "any" for whichever comes first, "nothing" for a control.</param>
/// <param name="Text">The scenario's text.</param>
public sealed record DefectRow(
    string Id, string Protocol, IReadOnlyList<string> Defective, IReadOnlyList<string> Cured, string Search, string ScenarioName,
    string Seen, string Text)
{
    private const int Columns = 7;

    /// <summary>The scenario as the row runs it.</summary>
    /// <param name="isCured">Whether the defect is closed.</param>
    public Scenario Scenario(bool isCured) => Apply(Lab.Scenarios.Scenario.Parse(Text), isCured);

    /// <summary>Any scenario under the row's protocol, with its switches and knobs.</summary>
    public Scenario Apply(Scenario scenario, bool isCured) => Apply(scenario, isCured ? Cured : Defective);

    /// <summary>Whether nothing closes it.</summary>
    public bool IsStated => Cured is ["stated"];

    /// <summary>Whether the other row opens less of the same protocol: what it shows is no merit of this one.</summary>
    public bool Includes(DefectRow other) =>
        Protocol == other.Protocol && other.Defective.Count < Defective.Count && other.Defective.All(Defective.Contains);

    /// <summary>The row with one switch less on, for each that the cured state has off: what it looks for is not seen then.</summary>
    public IReadOnlyList<DefectRow> Parts()
    {
        string[] own = [.. Defective.Except(Cured).Where(static setting => !setting.Contains('='))];
        return own.Length < 2
            ? []
            : Array.ConvertAll(own, left => this with { Defective = [.. Defective.Where(setting => setting != left)] });
    }

    /// <summary>Whether the settings open nothing here: the row shows that the defect does not reach this far.</summary>
    public bool IsControl => Seen == "nothing";

    /// <summary>Whether crash states are explored.</summary>
    public bool ExploresCrashStates => Value("crash", 0) > 0;

    /// <summary>The most schedules that the defective search may take.</summary>
    public long MostSchedules => Value("schedules", 20_000);

    /// <summary>The options of the row's search.</summary>
    public ScheduleOptions Options(long? mostSchedules = null) => new()
    {
        Strategy = Words[0] switch
        {
            "random" => SearchStrategy.Random,
            "pct" => SearchStrategy.Pct,
            "preemption" => SearchStrategy.PreemptionBounded,
            "exhaustive" => SearchStrategy.Exhaustive,
            _ => throw new FormatException($"{Id}: '{Words[0]}' is no strategy"),
        },
        Seed = (ulong)Value("seed", 1),
        MostSchedules = mostSchedules ?? MostSchedules,
        PreemptionBound = (int)Value("bound", 2),
        PctDepth = (int)Value("depth", 3),
        ExploresCrashStates = ExploresCrashStates,
        MostLeaves = Math.Max(1, Value("crash", 0)),
    };

    /// <summary>Whether the finding is what the row looks for; in a control, what should not be there.</summary>
    public bool Shows(ScheduleFinding finding) =>
        IsControl || Seen == "any" || Seen == finding.Kind.ToString() || Seen == finding.Violation?.Kind.ToString();

    private string[] Words => Search.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Reads the table.</summary>
    /// <exception cref="FormatException">A line has not seven columns; it is named.</exception>
    public static IReadOnlyList<DefectRow> Load(string folder)
    {
        var rows = new List<DefectRow>();
        int number = 0;
        foreach (string line in File.ReadLines(Path.Combine(folder, "defects.txt")))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            string[] parts = Array.ConvertAll(line.Split('|'), static part => part.Trim());
            if (parts.Length != Columns)
                throw new FormatException($"line {number} has {parts.Length} columns; {Columns} are wanted");
            string text = File.ReadAllText(Path.Combine(folder, parts[5] + ".scenario"));
            rows.Add(new DefectRow(parts[0], parts[1], Split(parts[2]), Split(parts[3]), parts[4], parts[5], parts[6], text));
        }

        return rows;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Id} {Protocol} {string.Join(' ', Defective)}: {ScenarioName}";

    private static string[] Split(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private long Value(string key, long otherwise)
    {
        foreach (string word in Words)
        {
            if (word.StartsWith(key + "=", StringComparison.Ordinal))
                return long.Parse(word.AsSpan(key.Length + 1), CultureInfo.InvariantCulture);
        }

        return otherwise;
    }

    private Scenario Apply(Scenario scenario, IReadOnlyList<string> settings)
    {
        MountOptions mount = scenario.Mount with
        {
            Protocol = Protocol, Switches = [.. settings.Where(static word => !word.Contains('='))],
        };
        DeviceModel device = scenario.Device;
        DeviceTraits traits = scenario.Traits;
        foreach (string knob in settings.Where(static word => word.Contains('=')))
        {
            switch (knob)
            {
                case "barrier=ignored" or "barrier=flush" or "barrier=drain":
                    BarrierMode barrier = Enum.Parse<BarrierMode>(knob["barrier=".Length..], ignoreCase: true);
                    (mount, device) = (mount with { Barrier = barrier }, device with { Barrier = barrier });
                    break;
                case "cache=none" or "cache=volatile":
                    bool hasCache = knob == "cache=volatile";
                    (device, traits) = (device with { HasVolatileCache = hasCache }, traits with { HasVolatileCache = hasCache });
                    break;
                default:
                    throw new FormatException($"{Id}: '{knob}' is no knob");
            }
        }

        return scenario with { Mount = mount, Device = device, Traits = traits };
    }
}
