namespace ExtShell.Engine.IO;

/// <summary>
/// What a protocol says of itself: kept in the protocol's own file, cited by its code, and printed by <c>Get-Protocol</c> and
/// <c>Compare-Protocol</c>.
/// </summary>
public sealed record ProtocolDescription
{
    /// <summary>The name, as mount options say it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>How its data gets to the device.</summary>
    public DataPath DataPath { get; init; }

    /// <summary>
    /// Whether it writes files that are mapped by blocks, as ext2 and ext3 have them; all write files that are mapped by extents.
    /// </summary>
    public bool ServesBlockMaps { get; init; } = true;

    /// <summary>How it came to be, with the commits.</summary>
    public required string History { get; init => field = value.ReplaceLineEndings(" "); }

    /// <summary>What holds at every moment; cited by number, the first is (1).</summary>
    public required IReadOnlyList<string> Invariants { get; init; }

    /// <summary>What it does not promise, and why that is no defect.</summary>
    public required IReadOnlyList<string> Windows { get; init; }

    /// <summary>Which locks a write holds, and for how long.</summary>
    public required string Locks { get; init; }

    /// <summary>The order of allocation, data, conversion, sizes and sync.</summary>
    public required string Order { get; init; }

    /// <summary>What is allocated written, what unwritten, and what protects it from a cut.</summary>
    public required string Allocation { get; init; }

    /// <summary>When the in-memory size and the disk size are raised, and by whom.</summary>
    public required string Sizes { get; init; }

    /// <summary>Who acknowledges when.</summary>
    public required string Acknowledgement { get; init; }

    /// <summary>When the in-flight count drops, and who waits for it.</summary>
    public required string InFlightCount { get; init; }

    /// <summary>When a direct write goes through the page cache.</summary>
    public required string Fallback { get; init; }

    /// <summary>What callers may rely on after a cut.</summary>
    public required string Guarantees { get; init; }

    /// <summary>Other ways that were weighed when it was made; empty where none are known.</summary>
    public IReadOnlyList<string> Alternatives { get; init; } = [];

    /// <summary>The defects that can be turned on.</summary>
    public required IReadOnlyList<ProtocolSwitch> Switches { get; init; }

    /// <summary>
    /// The names of the switches that were on when it was first posted; empty where it was posted without a known defect.
    /// </summary>
    public IReadOnlyList<string> AsPosted { get; init; } = [];

    /// <summary>Defects that stay, switches or not, since it promises no better.</summary>
    public IReadOnlyList<string> StatedDefects { get; init; } = [];

    /// <summary>All that it says, by aspect, in the order in which it is read; what are several sentences has one a line.</summary>
    public IReadOnlyDictionary<string, string> GetAspects() => new OrderedDictionary<string, string>
    {
        [nameof(Summary)] = Summary,
        [nameof(History)] = History,
        [nameof(Invariants)] = Lines(Invariants.Select(static (text, index) => $"({index + 1}) {text}")),
        [nameof(Locks)] = Locks,
        [nameof(Order)] = Order,
        [nameof(Allocation)] = Allocation,
        [nameof(Sizes)] = Sizes,
        [nameof(Acknowledgement)] = Acknowledgement,
        [nameof(InFlightCount)] = InFlightCount,
        [nameof(Fallback)] = Fallback,
        [nameof(Guarantees)] = Guarantees,
        [nameof(Windows)] = Lines(Windows),
        [nameof(Alternatives)] = Lines(Alternatives),
        [nameof(Switches)] = Lines(Switches.Select(
            static known => $"{known.Name}: {known.Summary} ({string.Join(", ", known.Defects)}; {known.Source})")),
        [nameof(AsPosted)] = AsPosted.Count == 0 ? "none" : string.Join(", ", AsPosted),
        ["DefectsAsPosted"] = string.Join(", ", OpenAsPosted().Concat(StatedDefects).Distinct()),
        ["DefectsCured"] = StatedDefects.Count == 0 ? "none known" : string.Join(", ", StatedDefects),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Summary}";

    private static string Lines(IEnumerable<string> sentences) => string.Join('\n', sentences.DefaultIfEmpty("none"));

    private IEnumerable<string> OpenAsPosted() =>
        Switches.Where(known => AsPosted.Contains(known.Name)).SelectMany(static known => known.Defects);
}
