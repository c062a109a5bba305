using System.Globalization;
using System.Text;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// A scenario as text. Lines: <c>scenario</c>, <c>volume</c>, <c>mount</c>, <c>device</c>, <c>expect</c> with their values, each once and
/// each optional; <c>hold</c> with the name of a promise, any number of times; then <c>setup</c> and any number of <c>thread</c>, each
/// followed by its operations, one a line. Operations on a name that nothing gives do nothing (<see cref="NamesInUse"/>): they are not
/// written, and not read.
/// </summary>
internal static class ScenarioText
{
    private static readonly string[] HoldWords = ["failed-writes-change-nothing", "appends-are-whole", "attributes-stay", "no-warnings"];

    /// <summary>The promises that can be held.</summary>
    public static IEnumerable<string> Holds => HoldWords;

    public static string Write(Scenario scenario)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"scenario {TextLine.Quote(scenario.Name)}\n");
        text.Append(VolumeLine(scenario.Volume)).Append('\n');
        text.Append(MountLine(scenario.Mount)).Append('\n');
        text.Append(DeviceLine(scenario)).Append('\n');
        if (scenario.Expectation.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"expect {TextLine.Quote(scenario.Expectation)}\n");
        foreach (ScenarioPromise promise in scenario.Holds)
            text.Append(CultureInfo.InvariantCulture, $"hold {HoldWords[(int)promise]}\n");
        var names = new NamesInUse(scenario.Threads.Prepend(scenario.Setup).SelectMany(static part => part));
        Append(text, "setup", scenario.Setup, names);
        foreach (IReadOnlyList<Operation> thread in scenario.Threads)
            Append(text, "thread", thread, names);
        return text.ToString();
    }

    public static Scenario Parse(string text)
    {
        var scenario = new Scenario();
        var setup = new List<Operation>();
        var threads = new List<IReadOnlyList<Operation>>();
        List<Operation>? current = null;
        var lines = new List<(TextLine Line, Operation Operation)>();
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            var line = TextLine.Parse(++number, raw);
            if (line.IsEmpty)
                continue;
            if (line.TakeFlag("setup"))
            {
                current = setup;
                line.End();
            }
            else if (line.TakeFlag("thread"))
            {
                current = [];
                threads.Add(current);
                line.End();
            }
            else if (current is null)
            {
                scenario = ParseHead(scenario, line);
                line.End();
            }
            else
            {
                current.Add(OperationText.Parse(line));
                lines.Add((line, current[^1]));
            }
        }

        var names = new NamesInUse(lines.Select(static entry => entry.Operation));
        foreach ((TextLine line, Operation operation) in lines)
        {
            if (names.WhatIsMissing(operation) is { } missing)
                throw line.Malformed(missing);
        }

        return scenario with { Setup = setup, Threads = threads };
    }

    private static void Append(StringBuilder text, string head, IReadOnlyList<Operation> operations, NamesInUse names)
    {
        text.Append(head).Append('\n');
        foreach (Operation operation in operations.Where(operation => names.WhatIsMissing(operation) is null))
            text.Append("  ").Append(OperationText.Write(operation)).Append('\n');
    }

    private static string VolumeLine(VolumeSpecification volume)
    {
        if (volume.Content is not null)
            return "volume content=session # begins with a session's own content: give it to the run";
        string line = string.Create(
            CultureInfo.InvariantCulture, $"volume size={TextLine.Size(volume.SizeBytes)} block={volume.BlockSizeBytes}");
        line += string.Create(CultureInfo.InvariantCulture, $" journal={TextLine.Size(volume.JournalSizeBytes)} seed={volume.Seed}");
        line += volume.HasStaleFill ? " fill=yes" : " fill=no";
        return volume.Features.Length == 0 ? line : line + $" features={TextLine.Quote(volume.Features)}";
    }

    private static string MountLine(MountOptions mount)
    {
        string line = $"mount protocol={TextLine.Quote(mount.Protocol)} data={Lower(mount.Journal)} barrier={Lower(mount.Barrier)}";
        line += $" fua={(mount.UseFua ? "yes" : "no")} dioread-nolock={(mount.DioReadNoLock ? "yes" : "no")}";
        return mount.Switches.Count == 0 ? line : line + $" switches={TextLine.Quote(string.Join(",", mount.Switches))}";
    }

    private static string DeviceLine(Scenario scenario)
    {
        DeviceModel device = scenario.Device;
        string line = $"device unit={device.AtomicUnitBytes.ToString(CultureInfo.InvariantCulture)} barrier={Lower(device.Barrier)}";
        string kind = scenario.IsPersistentMemory ? " memory=persistent" : "";
        return line + $" cache={(device.HasVolatileCache ? "volatile" : "none")} fua={(scenario.Traits.HasFua ? "yes" : "no")}{kind}";
    }

    private static Scenario ParseHead(Scenario scenario, TextLine line)
    {
        string head = line.Word("a line's kind");
        switch (head)
        {
            case "scenario":
                return scenario with { Name = line.Word("a name") };
            case "expect":
                return scenario with { Expectation = line.Word("what is expected") };
            case "hold":
                return scenario with { Holds = [.. scenario.Holds, ParseHold(line)] };
            case "volume":
                return scenario with { Volume = ParseVolume(line) };
            case "mount":
                return scenario with { Mount = ParseMount(line) };
            case "device":
                return ParseDevice(scenario, line);
            default:
                throw line.Malformed($"'{head}' begins no line; scenario, volume, mount, device, expect, hold, setup and thread do");
        }
    }

    private static ScenarioPromise ParseHold(TextLine line)
    {
        string word = line.Word("a promise");
        int known = Array.IndexOf(HoldWords, word);
        return known >= 0 ? (ScenarioPromise)known : throw line.Malformed($"'{word}' is no promise; {string.Join(", ", HoldWords)} are");
    }

    private static VolumeSpecification ParseVolume(TextLine line)
    {
        if (line.Value("content", "") == "session")
            throw line.Malformed("the scenario begins with the content of a session, which its text does not hold");
        var standard = new VolumeSpecification();
        return new VolumeSpecification(
            line.Number("size", standard.SizeBytes),
            (int)line.Number("block", standard.BlockSizeBytes),
            line.Number("journal", standard.JournalSizeBytes),
            (ulong)line.Number("seed", (long)standard.Seed),
            line.Flag("fill", standard.HasStaleFill),
            line.Value("features", ""));
    }

    private static MountOptions ParseMount(TextLine line)
    {
        MountOptions standard = MountOptions.Default;
        return new MountOptions
        {
            Protocol = line.Value("protocol", standard.Protocol),
            Journal = line.Named("data", standard.Journal),
            Barrier = line.Named("barrier", standard.Barrier),
            UseFua = line.Flag("fua", standard.UseFua),
            DioReadNoLock = line.Flag("dioread-nolock", standard.DioReadNoLock),
            Switches = line.Value("switches", "").Split(',', StringSplitOptions.RemoveEmptyEntries),
        };
    }

    private static Scenario ParseDevice(Scenario scenario, TextLine line)
    {
        var standard = new DeviceModel();
        int unit = (int)line.Number("unit", standard.AtomicUnitBytes);
        BarrierMode barrier = line.Named("barrier", standard.Barrier);
        bool hasCache = line.Value("cache", "volatile") switch
        {
            "volatile" => true,
            "none" => false,
            _ => throw line.Malformed("cache= is volatile or none"),
        };
        bool isMemory = line.Value("memory", "") switch
        {
            "" => false,
            "persistent" => true,
            _ => throw line.Malformed("memory= is persistent, or left out"),
        };
        return scenario with
        {
            Device = new DeviceModel(unit, barrier, hasCache),
            Traits = new DeviceTraits(hasCache, line.Flag("fua", false)),
            IsPersistentMemory = isMemory,
        };
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
