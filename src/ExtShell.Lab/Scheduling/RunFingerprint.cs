using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>What two runs have in common that need not both be judged.</summary>
/// <remarks>
/// (1) Of the history: who called what, in the order of each thread; what was answered and read; and which calls had been acknowledged
/// before each call was made. The order of calls, and of acknowledgements, among themselves promises nothing.
/// (2) Of the volume at the end: the metadata that is newer than the device, and what was written home. File data was read by the
/// last calls of the history.
/// (3) Where crash states are explored: the write log as well, event by event, and where in it each call was made and acknowledged.
/// </remarks>
internal static class RunFingerprint
{
    /// <summary>Of all that a run showed.</summary>
    public static UInt128 Of(ScenarioMachine machine, UInt128 volume, bool coversLog)
    {
        var fingerprint = new Fingerprint();
        AddHistory(ref fingerprint, machine.History, coversLog);
        fingerprint.Add((long)(ulong)volume);
        fingerprint.Add((long)(ulong)(volume >> 64));
        if (coversLog)
            AddLog(ref fingerprint, machine.Disk.Log!);
        return fingerprint.Value;
    }

    /// <summary>Of the metadata that a run left, on the device and newer than it. (2)</summary>
    public static UInt128 OfVolume(ScenarioMachine machine)
    {
        var fingerprint = new Fingerprint();
        AddMetadata(ref fingerprint, machine);
        foreach (LoggedBio bio in machine.Disk.Log!.Bios)
        {
            if (bio.Operation == BioOperation.Flush || bio.Origin.Kind != ProvenanceKind.Metadata)
                continue;
            fingerprint.Add(bio.OffsetBytes);
            fingerprint.Add(bio.Data.Span);
        }

        return fingerprint.Value;
    }

    private static void AddHistory(ref Fingerprint fingerprint, History history, bool coversLog) // (1)
    {
        ReadOnlySpan<RecordedCall> calls = history.LoggedCalls;
        Span<int> order = calls.Length <= 256 ? stackalloc int[calls.Length] : new int[calls.Length];
        Canonical(calls, order);
        foreach (int index in order)
        {
            RecordedCall call = calls[index];
            OperationCall operation = call.Operation;
            fingerprint.Add(((long)operation.Kind << 32) ^ operation.Thread);
            fingerprint.Add(operation.OffsetBytes);
            fingerprint.Add(operation.LengthBytes);
            fingerprint.Add(call.Result);
            fingerprint.Add((long)call.Error);
            fingerprint.Add(call.Seen.Span);
            for (int other = 0; other < order.Length; other++)
            {
                if (calls[order[other]].IsBefore(call))
                    fingerprint.Add(other);
            }

            if (coversLog)
                fingerprint.Add(((long)call.Called.Position << 32) ^ call.Acknowledged.Position);
        }
    }

    /// <summary>The calls by thread; those of one thread in the order in which it made them.</summary>
    private static void Canonical(ReadOnlySpan<RecordedCall> calls, Span<int> order)
    {
        int next = 0;
        for (int thread = -1; next < order.Length; thread++)
        {
            for (int i = 0; i < calls.Length; i++)
            {
                if (calls[i].Operation.Thread == thread)
                    order[next++] = i;
            }
        }
    }

    private static void AddMetadata(ref Fingerprint fingerprint, ScenarioMachine machine) // (2)
    {
        if (!machine.Volume.IsMounted)
            return;
        var buffers = new List<Engine.Caching.Buffer>();
        machine.Volume.Context.Buffers.ListDirty(buffers);
        foreach (Engine.Caching.Buffer buffer in buffers)
        {
            fingerprint.Add(buffer.Block);
            fingerprint.Add(buffer.Read());
        }
    }

    /// <summary>Adds what was written, in whatever order.</summary>
    public static void AddLogWithoutOrder(ref Fingerprint fingerprint, WriteLog log)
    {
        UInt128 sum = 0;
        foreach (LoggedBio bio in log.Bios)
        {
            var one = new Fingerprint();
            one.Add(bio.OffsetBytes);
            one.Add(((long)bio.Operation << 32) ^ bio.LengthBytes);
            one.Add(bio.Data.Span);
            sum += one.Value;
        }

        fingerprint.Add((long)(ulong)sum);
        fingerprint.Add((long)(ulong)(sum >> 64));
    }

    private static void AddLog(ref Fingerprint fingerprint, WriteLog log) // (3)
    {
        foreach (LoggedBio bio in log.Bios)
        {
            fingerprint.Add(((long)bio.SubmittedAt << 32) ^ bio.CompletedAt);
            fingerprint.Add(bio.OffsetBytes);
            fingerprint.Add(((long)bio.Operation << 40) ^ ((long)bio.Error << 32) ^ (bio.IsFua ? 1L << 63 : 0) ^ bio.LengthBytes);
            fingerprint.Add(bio.Data.Span);
        }
    }
}
