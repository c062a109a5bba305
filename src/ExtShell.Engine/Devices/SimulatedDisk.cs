using System.Buffers;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Devices;

/// <summary>
/// A disk over any storage. Bios stay in flight until the schedule ends them; their content is seen from then on. What survives a power
/// cut is not decided here: the write log keeps submissions and ends, and the laboratory's device model derives every state from it.
/// </summary>
/// <remarks>
/// (1) A write's bytes are captured at submission and reach the content at its end; a read's bytes are taken at its end.
/// (2) Ends are offered in order of submission; ending one out of turn keeps the order of the others.
/// (3) A failed write changes nothing that readers see.
/// </remarks>
public sealed class SimulatedDisk : IRecordedDevice
{
    private readonly Machine _machine;
    private readonly List<Bio> _inFlight = [];
    private readonly DiskContent _content;
    private int _nextId;

    /// <summary>Makes the disk and adds it to the machine.</summary>
    /// <param name="machine">The machine whose schedule ends its bios.</param>
    /// <param name="storage">Where its content is kept.</param>
    /// <param name="traits">What it says of itself.</param>
    public SimulatedDisk(Machine machine, IStorage storage, DeviceTraits traits)
    {
        _machine = machine;
        Storage = storage;
        Traits = traits;
        _content = new DiskContent(this);
        machine.AddInterruptSource(this);
    }

    /// <inheritdoc/>
    public IStorage Storage { get; }

    /// <inheritdoc/>
    public long LengthBytes => Storage.LengthBytes;

    /// <inheritdoc/>
    public int SectorSizeBytes => 512;

    /// <inheritdoc/>
    public DeviceTraits Traits { get; }

    /// <inheritdoc/>
    public IByteSource Content => _content;

    /// <inheritdoc/>
    public WriteLog? Log { get; private set; }

    /// <inheritdoc/>
    public Func<Bio, Errno>? FaultPlan { get; set; }

    /// <summary>How long one bio takes on the simulated clock, in nanoseconds.</summary>
    public long LatencyNanoseconds { get; set; } = 20_000;

    /// <inheritdoc/>
    public int PendingCount => _inFlight.Count;

    /// <summary>Whether a write is durable when it has ended, whatever it asked for.</summary>
    internal bool EndsDurably { get; init; }

    /// <inheritdoc/>
    public WriteLog StartLog()
    {
        InvariantException.Require(_inFlight.Count == 0, "a write log begins with nothing in flight");
        Log = new WriteLog(Storage.Snapshot(), Traits);
        return Log;
    }

    /// <inheritdoc/>
    public int PendingId(int index) => _inFlight[index].Id;

    /// <inheritdoc/>
    public string DescribePending(int index) => _inFlight[index].Describe() + " ends";

    /// <inheritdoc/>
    public void Submit(Bio bio)
    {
        RequireAligned(bio);
        bio.MarkSubmitted(this, _nextId++);
        TouchSubmission(bio);
        if (bio.Operation == BioOperation.Write)
            Capture(bio);
        if (Log is not null && bio.Operation != BioOperation.Read)
            bio.LogIndex = Log.Submitted(
                bio.Operation, IsDurableAtEnd(bio), bio.OffsetBytes, bio.LengthBytes, LoggedBytes(bio), bio.Origin).Index;
        _inFlight.Add(bio);
    }

    /// <inheritdoc/>
    public bool TryFire(Bio bio)
    {
        int index = _inFlight.IndexOf(bio);
        if (index < 0)
            return false;
        _machine.FireNow(this, index);
        return true;
    }

    /// <inheritdoc/>
    public void Fire(int index)
    {
        Bio bio = _inFlight[index];
        _inFlight.RemoveAt(index); // (2)
        TouchEnd(bio);
        _machine.Touch(SharedState.DeviceFaults, FaultPlan is null ? AccessKind.Read : AccessKind.Write);
        _machine.Clock.Advance(LatencyNanoseconds);
        Errno error = FaultPlan?.Invoke(bio) ?? Errno.None;
        if (error == Errno.None)
            Apply(bio); // (3)
        Release(bio);
        if (bio.LogIndex >= 0)
            Log!.Completed(bio.LogIndex, error);
        bio.MarkEnded(error);
    }

    private bool IsDurableAtEnd(Bio bio) => bio.Fua || (EndsDurably && bio.Operation != BioOperation.Flush);

    private void TouchSubmission(Bio bio)
    {
        if (bio.Operation == BioOperation.Flush)
            _machine.Touch(SharedState.DeviceOrder, AccessKind.Read);
        else if (bio.Operation != BioOperation.Read)
            _machine.Touch(this, bio.OffsetBytes, bio.LengthBytes, AccessKind.Write);
    }

    private void TouchEnd(Bio bio)
    {
        _machine.Touch(bio, AccessKind.Write);
        _machine.Touch(SharedState.History, AccessKind.Read);
        if (bio.Operation == BioOperation.Read)
        {
            _machine.Touch(this, bio.OffsetBytes, bio.LengthBytes, AccessKind.Read);
            return;
        }

        _machine.Touch(SharedState.DeviceOrder, AccessKind.Mark);
        if (bio.Operation != BioOperation.Flush)
            _machine.Touch(this, bio.OffsetBytes, bio.LengthBytes, AccessKind.Write);
    }

    private void RequireAligned(Bio bio)
    {
        if (bio.Operation == BioOperation.Flush)
            return;
        bool isAligned = bio.OffsetBytes % SectorSizeBytes == 0 && bio.LengthBytes % SectorSizeBytes == 0 && bio.LengthBytes > 0;
        InvariantException.Require(isAligned, "a bio covers whole sectors");
        InvariantException.Require(bio.OffsetBytes >= 0 && bio.OffsetBytes <= LengthBytes - bio.LengthBytes, "a bio stays on its device");
    }

    private void Capture(Bio bio)
    {
        if (Log is not null)
            bio.Captured = _machine.CopyBytes(bio.Data.Span);
        else if (!bio.IsDataStable)
        {
            bio.Captured = ArrayPool<byte>.Shared.Rent(bio.LengthBytes);
            bio.Data.Span.CopyTo(bio.Captured);
        }
    }

    private void Release(Bio bio)
    {
        if (bio.Captured is not null && bio.LogIndex < 0)
            ArrayPool<byte>.Shared.Return(bio.Captured);
        bio.Captured = null;
    }

    private static ReadOnlyMemory<byte> LoggedBytes(Bio bio) =>
        bio.Operation == BioOperation.Write ? bio.Captured : default(ReadOnlyMemory<byte>);

    private void Apply(Bio bio)
    {
        switch (bio.Operation)
        {
            case BioOperation.Write:
                ReadOnlySpan<byte> bytes = bio.Captured is { } captured ? captured.AsSpan(0, bio.LengthBytes) : bio.Data.Span;
                Storage.Write(bio.OffsetBytes, bytes); // (1)
                break;
            case BioOperation.WriteZeroes:
                Storage.WriteZeroes(bio.OffsetBytes, bio.LengthBytes);
                break;
            case BioOperation.Read:
                Storage.Read(bio.OffsetBytes, bio.Data.Span);
                break;
        }
    }

    /// <summary>The content as a source. A write through it is a write that ends at once, and is logged as one.</summary>
    private sealed class DiskContent(SimulatedDisk disk) : IRecoverySource
    {
        public long LengthBytes => disk.LengthBytes;

        public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes) => disk.Storage.Read(offsetBytes, lengthBytes);

        public bool IsDecided(long offsetBytes, int lengthBytes) => true;

        public bool TryReadVerified(long offsetBytes, int lengthBytes, in ChecksumRule rule, out ReadOnlySpan<byte> bytes)
        {
            bytes = Read(offsetBytes, lengthBytes);
            return rule.Matches(this);
        }

        public void Copy(long fromBytes, long toBytes, int lengthBytes) => Write(toBytes, Read(fromBytes, lengthBytes));

        public void Patch(long offsetBytes, ReadOnlySpan<byte> bytes) => Write(offsetBytes, bytes);

        public void Write(long offsetBytes, ReadOnlySpan<byte> bytes)
        {
            if (disk.Log is not { } log)
            {
                disk.Storage.Write(offsetBytes, bytes);
                return;
            }

            byte[] copy = disk._machine.CopyBytes(bytes);
            LoggedBio logged = log.Submitted(
                BioOperation.Write, disk.EndsDurably, offsetBytes, copy.Length, copy, new Provenance(ProvenanceKind.Metadata));
            disk.Storage.Write(offsetBytes, copy);
            log.Completed(logged.Index, Errno.None);
        }
    }
}
