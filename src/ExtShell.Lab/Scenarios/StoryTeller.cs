using System.Globalization;
using System.Text;
using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scenarios;

/// <summary>Tells findings: recovers the crash state that shows one, and says of each byte of the file where it came from.</summary>
public static class StoryTeller
{
    private const int StretchBytes = 512;
    private const long MostBytes = 256 << 10;

    /// <summary>Tells a finding of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="finding">The finding, as the explorer reported it.</param>
    public static Story Tell(ScenarioRun run, CrashFinding finding) => Tell(run.Log, run.Ledger, finding);

    /// <summary>Tells a finding.</summary>
    /// <param name="log">What the device was asked.</param>
    /// <param name="ledger">What the callers were promised.</param>
    /// <param name="finding">The finding.</param>
    public static Story Tell(WriteLog log, Ledger ledger, CrashFinding finding)
    {
        Violation violation = finding.Violation;
        int cut = finding.Example?.Cut ?? violation.Cuts.First;
        (IReadOnlyList<StoryBytes> bytes, IReadOnlyList<string> file, uint inode) = ([], [$"{violation.Found}"], 0u);
        if (finding.Example is { } example && violation.Kind is not (ViolationKind.NotMountable or ViolationKind.Inconsistent))
            (bytes, file, inode) = Recovered(ledger, violation, example);
        var timeline = new StoryTimeline(log, ledger.History, violation.PromisedBy, inode);
        return new Story(
            violation, cut, timeline.Until(cut), bytes, finding.Example is null ? [] : Choices(log, ledger.History, finding.Example), file);
    }

    /// <summary>What the disk held where more than one content was possible: of each write in question, whether it is there.</summary>
    private static List<string> Choices(WriteLog log, History history, CrashState state)
    {
        var lines = new List<string>();
        foreach (Cell cell in state.Epoch.Cells)
        {
            CellVersion held = cell.Versions[state.Versions[cell.Index]];
            string place =
                $"bytes {CallText.Number(cell.OffsetBytes)} to {CallText.Number(cell.OffsetBytes + cell.LengthBytes - 1)} of the disk";
            string Content(CellVersion version) =>
                version.BioIndex < 0 ? "what was there before" : StoryTimeline.Describe(log.Bios[version.BioIndex], history);
            var others = new List<string>();
            for (int version = 0; version < cell.Versions.Count; version++)
            {
                if (version != state.Versions[cell.Index])
                    others.Add(Content(cell.Versions[version]));
            }

            lines.Add($"{place}: {Content(held)} (possible too: {string.Join("; ", others)})");
        }

        return lines;
    }

    private static (IReadOnlyList<StoryBytes> Bytes, IReadOnlyList<string> File, uint Inode) Recovered(
        Ledger ledger, Violation violation, CrashState example)
    {
        var after = Baseline.Capture(example.ToStorage());
        if (after.Find(violation.Path) is not { } file)
            return ([], [$"{violation.Path}: nothing is there"], 0);
        string head =
            $"{violation.Path}: {(file.IsDirectory ? "directory" : "file")}, inode {file.Inode}, {CallText.Number(file.SizeBytes)} bytes";
        return (file.IsDirectory ? [] : Stretches(ledger, violation, file), [head], file.Inode);
    }

    private static List<StoryBytes> Stretches(Ledger ledger, Violation violation, BaselineFile file)
    {
        var stretches = new List<StoryBytes>();
        long end = Math.Max(Math.Max(file.SizeBytes, violation.OffsetBytes + violation.LengthBytes), ledger.EndOf(violation.Path));
        end = Math.Min(end, MostBytes);
        for (long at = 0; at < end; at += StretchBytes)
        {
            int length = (int)Math.Min(StretchBytes, end - at);
            byte[] bytes = file.ReadMapped(at, length);
            (ContentKind kind, string from) = ledger.Explain(violation.Path, at, bytes);
            string holds = Holds(file, at);
            bool isFinding = violation.LengthBytes > 0
                ? at < violation.OffsetBytes + violation.LengthBytes && at + length > violation.OffsetBytes
                : at >= file.SizeBytes && violation.Kind == ViolationKind.LostSize;
            var stretch = new StoryBytes(at, length, holds, kind, from, Sample(bytes), at < file.SizeBytes, isFinding);
            if (stretches.Count > 0 && Continues(stretches[^1], stretch))
                stretches[^1] = stretches[^1] with { LengthBytes = stretches[^1].LengthBytes + length };
            else
                stretches.Add(stretch);
        }

        return stretches;
    }

    private static bool Continues(StoryBytes last, StoryBytes next) =>
        last.ComesFrom == next.ComesFrom && last.Kind == next.Kind && last.IsReadable == next.IsReadable && last.IsFinding == next.IsFinding
        && (last.Holds == next.Holds || (IsBlock(last) && IsBlock(next)));

    private static bool IsBlock(StoryBytes bytes) => bytes.Holds.StartsWith("block", StringComparison.Ordinal);

    private static string Holds(BaselineFile file, long offsetBytes)
    {
        long block = offsetBytes / file.BlockSizeBytes;
        foreach (MappedRun run in file.Runs)
        {
            if (block >= run.LogicalBlock && block < run.EndLogicalBlock)
                return run.IsWritten
                    ? string.Create(CultureInfo.InvariantCulture, $"block {run.PhysicalBlock + block - run.LogicalBlock}")
                    : "unwritten";
        }

        return "hole";
    }

    private static string Sample(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOfAnyExcept((byte)0) < 0)
            return "00 00 00 …";
        ReadOnlySpan<byte> first = bytes[..Math.Min(bytes.Length, 32)];
        bool isText = first.IndexOfAnyExceptInRange((byte)' ', (byte)'~') is < 0 or >= 16;
        return isText
            ? $"\"{Encoding.ASCII.GetString(first).TrimEnd('\n')}\"…"
            : Convert.ToHexString(first[..Math.Min(8, first.Length)]) + "…";
    }
}
