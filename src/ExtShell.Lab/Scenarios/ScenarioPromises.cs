using System.Text;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// Judges a run by what its scenario promises beyond the ledger's rules: the results that operations expect, and its <c>hold</c> lines.
/// </summary>
/// <remarks>
/// (1) It is made when the set-up is over, and judges when the run is; it sees calls, returns and attributes, like any caller.
/// (2) A unit of bytes is blamed on a write only if no other write of the run put the same bytes there.
/// </remarks>
internal sealed class ScenarioPromises
{
    private const int UnitBytes = 512;
    private readonly Scenario _scenario;
    private readonly History _history;
    private readonly List<(FileHandle File, InodeStatus Status)> _attributes = [];
    private readonly List<(Operation Operation, RecordedCall Call)> _expected = [];

    public ScenarioPromises(Scenario scenario, History history, IEnumerable<FileHandle> open)
    {
        _scenario = scenario;
        _history = history;
        if (!scenario.Holds.Contains(ScenarioPromise.AttributesStay))
            return;
        foreach (FileHandle file in open.OrderBy(static file => file.Number))
            _attributes.Add((file, file.Volume.Stat(file.Path)));
    }

    /// <summary>
    /// An operation that expects a result has returned; its call is the thread's first since <paramref name="callsBefore"/>.
    /// </summary>
    public void Note(Operation operation, int thread, int callsBefore)
    {
        for (int i = callsBefore; i < _history.Calls.Count; i++)
        {
            if (_history.Calls[i].Operation.Thread != thread)
                continue;
            _expected.Add((operation, _history.Calls[i]));
            return;
        }
    }

    /// <summary>Judges.</summary>
    public void Judge(List<Violation> into)
    {
        foreach ((Operation operation, RecordedCall call) in _expected)
            JudgeResult(operation, call, into);
        foreach (ScenarioPromise promise in _scenario.Holds)
        {
            if (promise == ScenarioPromise.AttributesStay)
                JudgeAttributes(into);
            else if (promise != ScenarioPromise.NoWarnings) // who explores crash states judges that one
                JudgeReads(promise, into);
        }
    }

    private static void JudgeResult(Operation operation, RecordedCall call, List<Violation> into)
    {
        if (call.Acknowledged.IsNever)
            return;
        bool isStat = operation.Verb == Verb.Stat && call.Error == Errno.None;
        string result = isStat ? Encoding.UTF8.GetString(call.Seen.Span)
            : call.Error == Errno.None ? CallText.Plain(call.Result) : call.Error.ToString();
        if (!operation.Expected.Split('|').Any(expected => isStat ? Names(expected, result) : expected == result))
            into.Add(Violation(
                ViolationKind.UnexpectedResult, call, $"{CallText.Describe(call.Operation)} answers {operation.Expected}", result));
    }

    /// <summary>Whether all facts that are expected are among those that were answered.</summary>
    private static bool Names(string expected, string facts)
    {
        string[] answered = facts.Split(' ');
        return expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(fact => answered.Contains(fact));
    }

    private void JudgeAttributes(List<Violation> into)
    {
        foreach ((FileHandle file, InodeStatus before) in _attributes)
        {
            if (!file.Volume.IsMounted || file.Volume.IsShutDown || !file.Volume.Exists(file.Path))
                continue;
            InodeStatus now = file.Volume.Stat(file.Path);
            bool isSame = now.Mode == before.Mode && now.Owner == before.Owner && now.Group == before.Group
                && now.ModifiedUnixNanoseconds == before.ModifiedUnixNanoseconds
                && now.ChangedUnixNanoseconds == before.ChangedUnixNanoseconds;
            if (!isSame)
                into.Add(new Violation(ViolationKind.ChangedAttributes, 0, $"mode, owner and times of {file.Path} stay as they are",
                    $"mode {now.Mode}, changed at {CallText.Plain(now.ChangedUnixNanoseconds)} ns, "
                        + $"before {before.Mode} at {CallText.Plain(before.ChangedUnixNanoseconds)} ns",
                    new CutRange(0, 0)) { Path = file.Path });
        }
    }

    private void JudgeReads(ScenarioPromise promise, List<Violation> into)
    {
        foreach (RecordedCall write in _history.LoggedCalls)
        {
            if (!IsWrite(write) || !IsJudged(promise, write))
                continue;
            foreach (RecordedCall read in _history.LoggedCalls)
            {
                if (IsRead(read) && read.IsSuccess && read.Operation.Inode == write.Operation.Inode
                    && JudgeRead(promise, write, read) is { } broken)
                {
                    into.Add(broken);
                    break;
                }
            }
        }
    }

    private bool IsJudged(ScenarioPromise promise, RecordedCall write) => promise == ScenarioPromise.FailedWritesChangeNothing
        ? write.IsFailure
        : !write.IsFailure && write.Operation.OffsetBytes >= EndWithout(write);

    /// <summary>The greatest end that anything but the write may have given its file.</summary>
    private long EndWithout(RecordedCall write)
    {
        long end = _history.Baseline.Find(write.Operation.Inode)?.SizeBytes ?? 0;
        foreach (RecordedCall other in _history.LoggedCalls)
        {
            bool changesSize = other != write && other.Operation.Inode == write.Operation.Inode
                && other.Operation.Kind is OperationKind.Truncate or OperationKind.Fallocate;
            if (changesSize || (other != write && IsWrite(other) && other.Operation.Inode == write.Operation.Inode))
                end = Math.Max(end, other.Operation.OffsetBytes + other.Operation.LengthBytes);
        }

        return end;
    }

    private Violation? JudgeRead(ScenarioPromise promise, RecordedCall write, RecordedCall read)
    {
        long start = Math.Max(write.Operation.OffsetBytes, read.Operation.OffsetBytes);
        long end = Math.Min(write.Operation.OffsetBytes + write.Operation.LengthBytes, read.Operation.OffsetBytes + read.Seen.Length);
        for (long at = start; at < end; at += UnitBytes)
        {
            int length = (int)Math.Min(UnitBytes, end - at);
            ReadOnlySpan<byte> seen = read.Seen.Span.Slice((int)(at - read.Operation.OffsetBytes), length);
            ReadOnlySpan<byte> written = Unit(write, at, length);
            bool shows = seen.SequenceEqual(written) && written.IndexOfAnyExcept((byte)0) >= 0;
            if (promise == ScenarioPromise.FailedWritesChangeNothing && shows && !IsAnothers(write, at, seen)) // (2)
                return Violation(
                    ViolationKind.UnexpectedResult, read, $"{write} has changed nothing", $"its bytes at {CallText.Plain(at)}");
            if (promise == ScenarioPromise.AppendsAreWhole && !seen.SequenceEqual(written))
                return Violation(
                    ViolationKind.WrongRead, read, $"{read} sees {write} whole or not at all", $"other bytes at {CallText.Plain(at)}");
        }

        return null;
    }

    private bool IsAnothers(RecordedCall write, long at, ReadOnlySpan<byte> seen)
    {
        foreach (RecordedCall other in _history.LoggedCalls)
        {
            bool covers = other != write && IsWrite(other) && other.Operation.Inode == write.Operation.Inode
                && other.Operation.OffsetBytes <= at && at + seen.Length <= other.Operation.OffsetBytes + other.Operation.LengthBytes;
            if (covers && Unit(other, at, seen.Length).SequenceEqual(seen))
                return true;
        }

        return false;
    }

    private static ReadOnlySpan<byte> Unit(RecordedCall write, long at, int length) =>
        write.Operation.Bytes.Span.Slice((int)(at - write.Operation.OffsetBytes), length);

    private static bool IsWrite(RecordedCall call) =>
        call.Operation.Kind is OperationKind.WriteDirect or OperationKind.StartDirect or OperationKind.WriteBuffered;

    private static bool IsRead(RecordedCall call) => call.Operation.Kind is OperationKind.ReadDirect or OperationKind.ReadBuffered;

    private static Violation Violation(ViolationKind kind, RecordedCall call, string promise, string found) =>
        new(kind, 0, promise, found, new CutRange(call.Called.Position, call.Acknowledged.Position))
        {
            Path = call.Operation.Path ?? "", PromisedBy = call.Id,
        };
}
