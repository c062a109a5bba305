using System.Text;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Durability;

namespace ExtShell.TestTools.Regressions;

/// <summary>What one run came to, in words: what callers were told, what files held in the end, what readers saw on the way.</summary>
/// <param name="Calls">What the threads' calls answered, thread by thread; opening, closing and mapping only where they failed; of an
/// asynchronous write what its completion said.</param>
/// <param name="Ends">What each file holds when all is over.</param>
/// <param name="Reads">Each read of a thread, with what it saw.</param>
internal sealed record RunOutcome(string Calls, string Ends, IReadOnlyList<(string Read, string Seen)> Reads)
{
    private const int OutsideThread = -1;

    /// <summary>Reads it from a run's history, whose last calls are reads from outside.</summary>
    public static RunOutcome Of(History history)
    {
        var calls = new List<string>();
        var ends = new SortedSet<string>(StringComparer.Ordinal);
        var reads = new List<(string, string)>();
        foreach (RecordedCall call in history.LoggedCalls.ToArray().OrderBy(static call => call.Operation.Thread))
        {
            if (call.Operation.Thread != OutsideThread)
                AddCall(call, calls, reads);
            else if (call.Operation.Kind == OperationKind.ReadBuffered)
                ends.Add($"{call.Operation.Path}: {Seen(call)}");
        }

        return new RunOutcome(string.Join("; ", calls), ends.Count == 0 ? "no file" : string.Join("; ", ends), reads);
    }

    private static void AddCall(RecordedCall call, List<string> calls, List<(string, string)> reads)
    {
        OperationCall operation = call.Operation;
        if (operation.Kind is OperationKind.ReadDirect or OperationKind.ReadBuffered or OperationKind.MapRead)
            reads.Add((FormattableString.Invariant($"{Word(operation)} {operation.Path} {operation.OffsetBytes}+{operation.LengthBytes}"),
                Seen(call)));
        else if (operation.Kind == OperationKind.Stat)
            reads.Add(($"stat {operation.Path}", call.IsFailure ? call.Error.ToString() : SizeOf(call)));
        else if (operation.Kind != OperationKind.WaitDirect && (call.IsFailure || !IsQuiet(operation.Kind)))
            calls.Add($"{Word(operation)} {Answer(call)}");
    }

    private static string Seen(RecordedCall call)
    {
        if (call.IsFailure)
            return call.Error.ToString();
        return ContentRuns.Describe(call.Seen.Span) + (call.Seen.Length < call.Operation.LengthBytes ? ", end" : "");
    }

    /// <summary>Of the facts that a stat saw, the size.</summary>
    private static string SizeOf(RecordedCall stat) =>
        Encoding.UTF8.GetString(stat.Seen.Span).Split(' ').Single(static fact => fact.StartsWith("size=", StringComparison.Ordinal));

    private static string Answer(RecordedCall call)
    {
        if (call.IsFailure)
            return call.Error.ToString();
        if (call.Acknowledged.IsNever)
            return "unanswered";
        return call.Operation.Bytes.Length > 0 ? FormattableString.Invariant($"{call.Result}") : "ok";
    }

    private static bool IsQuiet(OperationKind kind) =>
        kind is OperationKind.Create or OperationKind.Open or OperationKind.Close or OperationKind.Map or OperationKind.Unmap;

    private static string Word(in OperationCall call) => call.Kind switch
    {
        OperationKind.WriteDirect or OperationKind.StartDirect => "write",
        OperationKind.WriteBuffered => "buffered write",
        OperationKind.ReadDirect => "direct read",
        OperationKind.ReadBuffered => "buffered read",
        OperationKind.MapRead => "load",
        OperationKind.MapWrite => "store",
        OperationKind.MapSync => "msync",
        OperationKind.Fallocate => Word(call.FallocateMode),
        OperationKind.SyncFile => call.DataOnly ? "fdatasync" : "fsync",
        OperationKind.SyncVolume => "sync",
        _ => call.Kind.ToString().ToLowerInvariant(),
    };

    private static string Word(FallocateMode mode) => mode switch
    {
        FallocateMode.PunchHole => "punch",
        FallocateMode.ZeroRange => "zero-range",
        FallocateMode.CollapseRange => "collapse",
        FallocateMode.InsertRange => "insert",
        _ => "fallocate",
    };
}
