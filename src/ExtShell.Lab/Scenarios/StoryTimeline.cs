using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scenarios;

/// <summary>Tells the events of a run up to a cut in their order: calls and acknowledgements by sequence, device events by position.</summary>
/// <remarks>
/// (1) Events of callers at position p come before device event p, and the cut at p comes between them.
/// (2) Writes of one purpose that are submitted one after the other are told in one line.
/// </remarks>
internal sealed class StoryTimeline(WriteLog log, History history, int promisedBy, uint inode)
{
    private readonly List<StoryEntry> _entries = [];

    public IReadOnlyList<StoryEntry> Until(int cut)
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
        (LoggedBio Bio, bool IsEnd)[] events = DeviceEvents(cut);
        int next = 0;
        for (int position = 0; position <= cut; position++)
        {
            for (; next < calls.Count && calls[next].At.Position <= position; next++)
                Add(position, calls[next].Call, calls[next].IsEnd);
            if (position < cut && events[position].Bio is not null)
                Add(position, events[position].Bio, events[position].IsEnd);
        }

        _entries.Add(new StoryEntry(cut, StoryEvent.Cut, InFlight(cut), 0, true));
        return _entries;
    }

    private (LoggedBio Bio, bool IsEnd)[] DeviceEvents(int cut)
    {
        var events = new (LoggedBio, bool)[cut];
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
        if (call.Operation.Kind == OperationKind.WaitDirect && !isEnd)
            return;
        string text = !isEnd ? CallText.Describe(call.Operation)
            : call.IsFailure ? $"call {call.Id} failed: {call.Error}"
            : $"call {call.Id} {(call.Operation.Kind == OperationKind.StartDirect ? "is acknowledged" : "returned")}{Promise(call)}";
        StoryEvent what = isEnd ? StoryEvent.Acknowledged : StoryEvent.Call;
        _entries.Add(new StoryEntry(position, what, isEnd ? text : $"{call.Id}: {text}", call.Id, call.Id == promisedBy));
    }

    private static string Promise(RecordedCall call) =>
        call.Operation.Kind is OperationKind.SyncFile or OperationKind.SyncVolume or OperationKind.Unmount ? ": what was acknowledged before it was called is promised"
        : call.Operation.Sync != default ? ": its bytes are promised"
        : "";

    private void Add(int position, LoggedBio bio, bool isEnd)
    {
        bool isFlush = bio.Operation == BioOperation.Flush;
        StoryEvent what = isFlush
            ? isEnd ? StoryEvent.FlushEnded : StoryEvent.FlushSubmitted
            : isEnd ? StoryEvent.Ended : StoryEvent.Submitted;
        bool isAbout = !isFlush && bio.Origin.Kind == ProvenanceKind.Data && (bio.Origin.Call == promisedBy || (inode != 0 && bio.Origin.Inode == inode));
        string text = isFlush
            ? $"flush #{bio.Index} {(isEnd ? "ends: what had ended before it was submitted is durable" : "is submitted")}"
            : $"{Describe(bio)} {(isEnd ? EndOf(bio) : "is submitted")}";
        _entries.Add(new StoryEntry(position, what, text, Math.Max(bio.Origin.Call, 0), isAbout));
    }

    private static string EndOf(LoggedBio bio) =>
        bio.Error != Format.Errors.Errno.None ? $"fails: {bio.Error}" : bio.IsFua ? "ends, and is durable (FUA)" : "ends: it is in the device's cache";

    public static string Describe(LoggedBio bio)
    {
        string what = bio.Origin.Kind switch
        {
            ProvenanceKind.Data => $"data of inode {bio.Origin.Inode} from byte {CallText.Number(bio.Origin.FileOffsetBytes)}" + (bio.Origin.Call > 0 ? $" (call {bio.Origin.Call})" : ""),
            ProvenanceKind.Journal => "the journal",
            ProvenanceKind.Metadata => "metadata at its home",
            ProvenanceKind.Zeroes => "zeroes",
            _ => "something",
        };
        return $"write #{bio.Index} of {CallText.Number(bio.LengthBytes)} bytes at byte {CallText.Number(bio.OffsetBytes)} of the disk, {what},";
    }

    private string InFlight(int cut)
    {
        int inFlight = log.Bios.Count(bio => bio.IsInFlightAt(cut) && bio.Operation != BioOperation.Flush);
        return inFlight == 0 ? "THE POWER FAILS" : $"THE POWER FAILS, with {inFlight} write(s) in flight";
    }
}
