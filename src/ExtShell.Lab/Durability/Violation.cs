using ExtShell.Engine.Devices;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>A promise that was broken: what was promised and by whom, what is there instead, and where that came from.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="Rule">The number of the ledger's rule (<see cref="LedgerRules"/>); 0 for what no rule numbers.</param>
/// <param name="Promise">What was promised, by which call, in words.</param>
/// <param name="Found">What is there instead, in words.</param>
/// <param name="Cuts">The cuts at which it breaks.</param>
public sealed record Violation(ViolationKind Kind, int Rule, string Promise, string Found, CutRange Cuts)
{
    /// <summary>The file's path; empty where no file is meant.</summary>
    public string Path { get; init; } = "";

    /// <summary>Where in the file the bytes begin; −1 where none are meant.</summary>
    public long OffsetBytes { get; init; } = -1;

    /// <summary>How many bytes.</summary>
    public int LengthBytes { get; init; }

    /// <summary>What the bytes are that are there.</summary>
    public ContentKind FoundKind { get; init; }

    /// <summary>Where the bytes that are there came from, as the device's log knows it.</summary>
    public Provenance FoundOrigin { get; init; }

    /// <summary>The number of the call that promised it; 0 for what holds always.</summary>
    public int PromisedBy { get; init; }

    /// <summary>The undecided cell and version that shows it; null where the leaf shows it whatever its undecided cells hold.</summary>
    public CellChoice? Witness { get; init; }

    /// <summary>One line: place, promise, finding.</summary>
    public override string ToString()
    {
        string place = LengthBytes == 0
            ? Path
            : $"{Path} bytes {CallText.Number(OffsetBytes)} to {CallText.Number(OffsetBytes + LengthBytes - 1)}";
        return $"{Kind}{(place.Length > 0 ? ": " + place : "")}: {Promise}; found {Found} (rule {Rule}, cut {Cuts})";
    }
}
