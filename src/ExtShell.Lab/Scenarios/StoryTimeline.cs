using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// Tells the events of a run up to a cut in their order: calls and acknowledgements by sequence, device events by position.
/// </summary>
/// <remarks>
/// (1) Events of callers at position p come before device event p, and the cut at p comes between them.
/// (2) A write that ends right after its submission is told in one line, and so are writes of one purpose that come one after the other.
/// (3) Of a long story the middle is left out, but for what belongs to the finding.
/// </remarks>
internal sealed class StoryTimeline(WriteLog log, History history, int promisedBy, uint inode)
{
    private const int MostEntries = 80;
    private readonly List<StoryEntry> _entries = [];
    private readonly List<DeviceStep> _steps = [];

    private enum StepKind
    {
        Submitted,
        Ended,
        Whole,
    }

    public IReadOnlyList<StoryEntry> Until(int cut)
    {
        List<(Moment At, RecordedCall Call, bool IsEnd)> calls = CallEvents(cut);
        (LoggedBio? Bio, bool IsEnd)[] events = DeviceEvents(cut);
        int next = 0;
        for (int position = 0; position <= cut; position++)
        {
            for (; next < calls.Count && calls[next].At.Position <= position; next++)
            {
                TellSteps();
                Add(position, calls[next].Call, calls[next].IsEnd);
            }

            if (position < cut && events[position] is { Bio: { } bio } step)
                Add(new DeviceStep(position, [bio], step.IsEnd ? StepKind.Ended : StepKind.Submitted));
        }

        TellSteps();
        _entries.Add(new StoryEntry(cut, StoryEvent.Cut, InFlight(cut), 0, true));
        return Shortened();
    }

    /// <summary>A write in words.</summary>
    public static string Describe(LoggedBio bio, History history) => bio.Origin.Kind switch
    {
        ProvenanceKind.Data => $"write #{bio.Index}, {CallText.Number(bio.LengthBytes)} bytes of {PathOf(bio.Origin, history)} from byte "
            + CallText.Number(bio.Origin.FileOffsetBytes) + (bio.Origin.Call > 0 ? $" (call {bio.Origin.Call})" : ""),
        ProvenanceKind.Journal => $"write #{bio.Index}, {CallText.Number(bio.LengthBytes)} bytes of the journal",
        ProvenanceKind.Metadata => $"write #{bio.Index}, {CallText.Number(bio.LengthBytes)} bytes of metadata at their home",
        ProvenanceKind.Zeroes => $"write #{bio.Index}, {CallText.Number(bio.LengthBytes)} bytes of zeroes",
        _ => $"write #{bio.Index}, {CallText.Number(bio.LengthBytes)} bytes",
    };

    private static string PathOf(Provenance origin, History history)
    {
        if (history.Find(origin.Call)?.Operation.Path is { } path)
            return path;
        foreach (RecordedCall call in history.Calls)
        {
            if (call.Operation.Inode == origin.Inode && call.Operation.Path is { } known)
                return known;
        }

        return $"inode {origin.Inode}";
    }

    private List<(Moment At, RecordedCall Call, bool IsEnd)> CallEvents(int cut)
    {
        var calls = new List<(Moment At, RecordedCall Call, bool IsEnd)>();
        foreach (RecordedCall call in history.LoggedCalls)
        {
            if (call.Called.Position <= cut)
                calls.Add((call.Called, call, false));
            if (call.Acknowledged.Position <= cut)
                calls.Add((call.Acknowledged, call, true));
        }

        calls.Sort((a, b) => a.At.Sequence.CompareTo(b.At.Sequence));
        return calls;
    }

    private (LoggedBio? Bio, bool IsEnd)[] DeviceEvents(int cut)
    {
        var events = new (LoggedBio?, bool)[cut];
        foreach (LoggedBio bio in log.Bios)
        {
            if (bio.SubmittedAt < cut)
                events[bio.SubmittedAt] = (bio, false);
            if (bio.CompletedAt < cut)
                events[bio.CompletedAt] = (bio, true);
        }

        return events;
    }

    private void Add(int position, RecordedCall call, bool isEnd)
    {
        if (!isEnd)
        {
            string made = $"{call.Id}: {CallText.Describe(call.Operation)}";
            _entries.Add(new StoryEntry(position, StoryEvent.Call, made, call.Id, call.Id == promisedBy));
            return;
        }

        string text = call.IsFailure
            ? $"call {call.Id} failed: {call.Error}"
            : $"call {call.Id} {(call.Operation.Kind == OperationKind.StartDirect ? "is acknowledged" : "returned")}{Promise(call)}";
        _entries.Add(new StoryEntry(position, StoryEvent.Acknowledged, text, call.Id, call.Id == promisedBy));
    }

    private static string Promise(RecordedCall call) =>
        call.Operation.Kind is OperationKind.SyncFile or OperationKind.SyncVolume or OperationKind.Unmount
            ? ": what was acknowledged before it was called is promised"
        : call.Operation.Sync != default && !call.Operation.Bytes.IsEmpty ? ": its bytes are promised"
        : "";

    private void Add(DeviceStep step) // (2)
    {
        LoggedBio bio = step.Bios[0];
        if (step.Kind == StepKind.Ended && _steps.Count > 0 && _steps[^1] is { Kind: StepKind.Submitted, Bios: [var last] } && last == bio)
        {
            _steps.RemoveAt(_steps.Count - 1);
            step = step with { Kind = StepKind.Whole };
        }

        if (_steps.Count > 0 && CanJoin(_steps[^1], step))
            _steps[^1].Bios.Add(bio);
        else
            _steps.Add(step);
    }

    private static bool CanJoin(DeviceStep last, DeviceStep step)
    {
        LoggedBio bio = step.Bios[0];
        LoggedBio other = last.Bios[0];
        bool isBackground = bio.Operation != BioOperation.Flush && bio.Origin.Kind != ProvenanceKind.Data;
        return isBackground && last.Kind == step.Kind && other.Operation != BioOperation.Flush && other.Origin.Kind == bio.Origin.Kind
            && other.IsFua == bio.IsFua && other.IsStore == bio.IsStore && other.Error == bio.Error;
    }

    private void TellSteps()
    {
        foreach (DeviceStep step in _steps)
        {
            LoggedBio bio = step.Bios[0];
            bool isFlush = bio.Operation == BioOperation.Flush;
            StoryEvent what = step.Kind == StepKind.Submitted
                ? isFlush ? StoryEvent.FlushSubmitted : StoryEvent.Submitted
                : isFlush ? StoryEvent.FlushEnded : StoryEvent.Ended;
            bool isData = !isFlush && bio.Origin.Kind == ProvenanceKind.Data;
            bool isAbout = isData && (bio.Origin.Call == promisedBy || (inode != 0 && bio.Origin.Inode == inode));
            _entries.Add(new StoryEntry(step.Position, what, Text(step), Math.Max(bio.Origin.Call, 0), isAbout));
        }

        _steps.Clear();
    }

    private string Text(DeviceStep step)
    {
        LoggedBio bio = step.Bios[0];
        if (bio.Operation == BioOperation.Flush)
            return $"{(log.HasStores ? "fence" : "flush")} #{bio.Index} "
                + (step.Kind == StepKind.Submitted ? "is submitted" : "ends: what had ended before it was submitted is durable");
        string whose = bio.Origin.Kind == ProvenanceKind.Journal ? "the journal" : "metadata at their home";
        string what = step.Bios.Count == 1
            ? Describe(bio, history)
            : $"{step.Bios.Count} writes, {CallText.Number(step.Bios.Sum(part => part.LengthBytes))} bytes of {whose}";
        return step.Kind == StepKind.Submitted
            ? $"{what}, {(bio.IsStore ? "stored to memory" : "to the device")}"
            : $"{what}, {EndOf(bio)}";
    }

    /// <summary>What a write that ended has come to.</summary>
    public static string EndOf(LoggedBio bio) =>
        bio.Error != Errno.None ? $"failed: {bio.Error}"
        : bio.IsStore ? "out of the processor's cache: durable after the next fence"
        : bio.IsFua ? "on the disk, durable by itself (FUA)" : "in the device's cache";

    private string InFlight(int cut)
    {
        int inFlight = log.Bios.Count(bio => bio.IsInFlightAt(cut) && bio.Operation != BioOperation.Flush);
        return inFlight == 0 ? "THE POWER FAILS" : $"THE POWER FAILS, with {inFlight} write(s) in flight";
    }

    private List<StoryEntry> Shortened() // (3)
    {
        if (_entries.Count <= MostEntries)
            return _entries;
        var kept = new List<StoryEntry>();
        int left = 0;
        for (int i = 0; i < _entries.Count; i++)
        {
            StoryEntry entry = _entries[i];
            if (!entry.IsAboutFinding && i >= MostEntries / 4 && i < _entries.Count - (MostEntries / 2))
            {
                left++;
                continue;
            }

            if (left > 0)
                kept.Add(new StoryEntry(entry.Position, StoryEvent.Omitted, $"… {CallText.Number(left)} events left out …", 0, false));
            left = 0;
            kept.Add(entry);
        }

        return kept;
    }

    /// <summary>Bios of one purpose that were submitted, that ended, or both, one after the other.</summary>
    private sealed record DeviceStep(int Position, List<LoggedBio> Bios, StepKind Kind);
}
