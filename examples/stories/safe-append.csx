// Four ways to append a record to a log. Which of them has it on the disk when the call has returned?
// For each: write, cut the power right after the last return, and look at the worst disk that the cut can leave.

const int RecordBytes = 4096;
byte[] record = Encoding.ASCII.GetBytes("record ".PadRight(RecordBytes, '.'));

var ways = new (string Name, Action<FileHandle, long> Append)[]
{
    ("write, and nothing more", (log, at) => log.WriteBuffered(at, record)),
    ("O_DIRECT, and nothing more", (log, at) => log.WriteDirect(at, record)),
    ("O_DIRECT, then fdatasync", (log, at) => { log.WriteDirect(at, record); log.Sync(dataOnly: true); }),
    ("O_DIRECT | O_DSYNC", (log, at) => log.WriteDirect(at, record, SyncKind.DataSync)),
};

Print("Three records are appended. The power fails when the last call has returned. What can be lost?");
Print();
var safe = new List<string>();
foreach ((string name, Action<FileHandle, long> append) in ways)
{
    Volume volume = NewVolume("16MiB");
    volume.Create("/log");
    volume.Sync();
    FileHandle log = volume.Open("/log");
    for (int i = 0; i < 3; i++)
        append(log, i * RecordBytes);

    // The disk that has nothing of what was not yet durable: what the application must be able to live with.
    PowerCut now = volume.Crash();
    Volume after = OpenVolume(now.Oldest(), readOnly: true);
    long there = after.Stat("/log").SizeBytes / RecordBytes;
    Print($"{name,-28} {there} of 3 records after the worst of {now.States:N0} crash state(s)");
    if (there == 3)
        safe.Add(name);

    // And at every other cut: nothing that was promised is missing, no stale byte is shown, and the volume is sound.
    CrashReport report = SearchCrashStates(volume);
    Print($"{"",-28} {report.Summary}");
    if (!report.IsClean)
        throw new InvalidOperationException("today's protocol keeps its promises");
}

Print();
Print($"A return is a promise with: {string.Join("; ", safe)}.");
Print("O_DIRECT alone is none: it goes around the page cache, and the size and the mapping still wait for the journal.");
if (!safe.SequenceEqual(["O_DIRECT, then fdatasync", "O_DIRECT | O_DSYNC"]))
    throw new InvalidOperationException("expected the two ways that wait for the journal to be safe");
