using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Crash;

/// <summary>Reads a write log under a device model: the epochs in order, each with what is durable and what is undecided.</summary>
/// <remarks>
/// Rules.
/// (1) A submitted write is a version of each stretch that it covers, possible from the cut after its submission.
/// (2) a is before b if a ended before b was submitted. Writes in flight together are unordered: either may be the one that stays.
/// (3) A durability event covers writes: a flush those that had ended without error when it was submitted (Drain: all that were submitted);
///     a FUA write itself; without a volatile cache each write that ends. Nothing, where barriers are ignored, or where it failed.
/// (4) After the event a version is gone if a covered one of its stretch comes after it by (2). What is left of a stretch with one version
/// is durable.
/// (5) A failed write may be there or not, until a later one is durable.
/// (6) An epoch ends only where an event changes something, so a needless flush costs nothing.
/// (7) A store to persistent memory is before whatever is submitted after it, ended or not, as its line holds it from then on. It ends when
///     its lines are flushed; Drain does not wait for that. Stores fall apart into lines of 64 bytes whatever the atomic unit is.
/// </remarks>
public sealed class EpochReader
{
    private readonly WriteLog _log;
    private readonly DeviceModel _model;
    private readonly AtomMap _atoms;
    private readonly OriginMap _origins = new();
    private readonly SortedDictionary<long, LiveCell> _live = [];
    private readonly IStorage _durable;

    /// <summary>Makes a reader of the log as it is now.</summary>
    public EpochReader(WriteLog log, DeviceModel model)
    {
        _log = log;
        _model = model;
        _atoms = new AtomMap(log, model.AtomicUnitBytes);
        _durable = log.Start.Snapshot();
    }

    /// <summary>The epochs in order; to be read once.</summary>
    public IEnumerable<Epoch> Read()
    {
        (int Bio, bool IsEnd)[] events = Events();
        int index = 0;
        int first = 0;
        for (int position = 0; position < events.Length; position++)
        {
            (int bioIndex, bool isEnd) = events[position];
            LoggedBio bio = _log.Bios[bioIndex];
            if (!isEnd)
                Submit(bio);
            else if (IsDurabilityEvent(bio) && Covers(bio) is { Count: > 0 } covered)
            {
                yield return MakeEpoch(index++, new CutRange(first, position)); // (6)
                first = position + 1;
                MakeDurable(covered, bio, first);
            }
        }

        yield return MakeEpoch(index, new CutRange(first, events.Length));
    }

    private (int Bio, bool IsEnd)[] Events()
    {
        var events = new (int, bool)[_log.Position];
        foreach (LoggedBio bio in _log.Bios)
        {
            events[bio.SubmittedAt] = (bio.Index, false);
            if (bio.CompletedAt != int.MaxValue)
                events[bio.CompletedAt] = (bio.Index, true);
        }

        return events;
    }

    private void Submit(LoggedBio bio)
    {
        if (bio.Operation == BioOperation.Flush)
            return;
        long end = bio.OffsetBytes + bio.LengthBytes;
        for (long at = bio.OffsetBytes; at < end;)
        {
            (long offset, int length) = _atoms.Of(at);
            InvariantException.Require(offset == at && offset + length <= end, "a write covers whole stretches");
            if (!_live.TryGetValue(offset, out LiveCell? cell))
                _live.Add(offset, cell = NewCell(offset, length));
            ReadOnlyMemory<byte> bytes = bio.Operation == BioOperation.WriteZeroes
                ? new byte[length]
                : bio.Data.Slice((int)(at - bio.OffsetBytes), length);
            cell.Versions.Add(new LiveVersion(bio, bytes, bio.Origin)); // (1)
            at += length;
        }
    }

    private LiveCell NewCell(long offset, int length)
    {
        var cell = new LiveCell(length);
        (Provenance origin, int bioIndex) = _origins.At(offset, int.MaxValue);
        cell.Versions.Add(
            new LiveVersion(bioIndex < 0 ? null : _log.Bios[bioIndex], _durable.Read(offset, length).ToArray(), origin) { IsBase = true });
        return cell;
    }

    private bool IsDurabilityEvent(LoggedBio bio)
    {
        if (bio.Error != Errno.None || (_model.Barrier == BarrierMode.Ignored && _model.HasVolatileCache))
            return false;
        return bio.Operation == BioOperation.Flush ? _model.HasVolatileCache : bio.IsFua || !_model.HasVolatileCache;
    }

    /// <summary>The live stretches that the event makes durable, at least in part.</summary>
    private List<long> Covers(LoggedBio bio)
    {
        var covered = new List<long>();
        if (bio.Operation == BioOperation.Flush)
        {
            foreach ((long offset, LiveCell cell) in _live)
            {
                if (cell.Versions.Exists(version => IsCovered(version, bio)))
                    covered.Add(offset);
            }
        }
        else
        {
            for (long at = bio.OffsetBytes; at < bio.OffsetBytes + bio.LengthBytes; at += _atoms.Of(at).LengthBytes)
            {
                if (_live.TryGetValue(at, out LiveCell? cell) && cell.Versions.Exists(version => IsCovered(version, bio)))
                    covered.Add(at);
            }
        }

        return covered;
    }

    private bool IsCovered(LiveVersion version, LoggedBio by) // (3)
    {
        if (version.IsBase || version.Bio is not { } bio)
            return false;
        if (by.Operation != BioOperation.Flush)
            return bio == by;
        if (version.IsCovered)
            return false;
        bool isInTime = _model.Barrier == BarrierMode.Drain && !bio.IsStore
            ? bio.SubmittedAt < by.SubmittedAt
            : bio.CompletedAt < by.SubmittedAt;
        return isInTime && (bio.CompletedAt == int.MaxValue || bio.Error == Errno.None); // (5)
    }

    private void MakeDurable(List<long> offsets, LoggedBio by, int position)
    {
        foreach (long offset in offsets)
        {
            LiveCell cell = _live[offset];
            foreach (LiveVersion version in cell.Versions)
                version.IsCovered |= IsCovered(version, by);
            cell.Versions.RemoveAll(version => cell.Versions.Exists(other => other.IsCovered && IsBefore(version, other))); // (4)
            foreach (LiveVersion version in cell.Versions)
                version.IsBase |= version.IsCovered;
            if (cell.Versions.Count == 1)
            {
                LiveVersion last = cell.Versions[0];
                _durable.Write(offset, last.Bytes.Span);
                _origins.Add(offset, position, last.Origin, last.Bio?.Index ?? -1);
                _live.Remove(offset);
            }
        }
    }

    private static bool IsBefore(LiveVersion a, LiveVersion b) // (2)
    {
        if (ReferenceEquals(a, b))
            return false;
        if (a.IsBase && !a.IsCovered)
            return true;
        return (a.Bio!.IsStore ? a.Bio.SubmittedAt : a.Bio.CompletedAt) < b.Bio!.SubmittedAt; // (7)
    }

    private Epoch MakeEpoch(int index, CutRange cuts)
    {
        var cells = new List<Cell>();
        foreach ((long offset, LiveCell live) in _live)
        {
            CellVersion[] versions = Distinct(live, cuts.First);
            if (versions.Length > 1)
                cells.Add(new Cell(cells.Count, offset, live.LengthBytes, versions));
        }

        IStorage durable = _durable.Snapshot();
        foreach ((long offset, LiveCell live) in _live)
            durable.Write(offset, live.Versions[0].Bytes.Span);
        return new Epoch(index, cuts, durable, [.. cells], _atoms, _origins);
    }

    private static CellVersion[] Distinct(LiveCell live, int first)
    {
        var versions = new List<CellVersion>(live.Versions.Count);
        foreach (LiveVersion version in live.Versions)
        {
            bool isKnown = false;
            foreach (CellVersion known in versions)
                isKnown |= known.Bytes.Span.SequenceEqual(version.Bytes.Span);
            if (!isKnown)
            {
                int from = version.IsBase ? first : Math.Max(first, version.Bio!.SubmittedAt + 1);
                versions.Add(new CellVersion(version.Bytes, version.Origin, from, version.Bio?.Index ?? -1));
            }
        }

        return [.. versions];
    }

    private sealed class LiveCell(int lengthBytes)
    {
        public int LengthBytes { get; } = lengthBytes;

        public List<LiveVersion> Versions { get; } = [];
    }

    private sealed class LiveVersion(LoggedBio? bio, ReadOnlyMemory<byte> bytes, Provenance origin)
    {
        public LoggedBio? Bio { get; } = bio;

        public ReadOnlyMemory<byte> Bytes { get; } = bytes;

        public Provenance Origin { get; } = origin;

        /// <summary>Possible from the epoch's first cut: what was durable, or one of several that were covered together.</summary>
        public bool IsBase { get; set; }

        public bool IsCovered { get; set; }
    }
}
