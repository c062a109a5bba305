using System.Numerics;
using ExtShell.Format.Checksums;
using ExtShell.Format.Sources;

namespace ExtShell.Lab.Crash;

/// <summary>
/// The image after a power cut: what is durable, with undecided cells over it. A read of a cell decides as much as the read can tell
/// apart, by asking the path; what nobody reads is never decided. What recovery writes lies over it; its copies are symbolic.
/// </summary>
/// <remarks>
/// (1) Reading a slice of a cell groups the possible versions by the slice's bytes: each group is an option, and the set narrows to it.
/// (2) A verified read that touches undecided cells is solved by <see cref="ChecksumSolver"/>.
/// (3) The same reads along the same path meet the same choices.
/// </remarks>
internal sealed class UndecidedImage : IRecoverySource
{
    private readonly Epoch _epoch;
    private readonly PageMap _pages;
    private ChoicePath _path;
    private readonly PathConstraints _start;
    private readonly ChecksumSolver _solver;

    public UndecidedImage(Epoch epoch, ChoicePath path)
    {
        _epoch = epoch;
        _path = path;
        _pages = new PageMap(epoch);
        _start = new PathConstraints(epoch.Cells);
        Constraints = _start.Clone();
        _solver = new ChecksumSolver(this);
    }

    public Epoch Epoch => _epoch;

    public PathConstraints Constraints { get; }

    public PageMap Pages => _pages;

    public long LengthBytes => _epoch.Durable.LengthBytes;

    /// <summary>Sums that had more combinations than are enumerated; the report names the bound where this is not zero.</summary>
    public int SumsBeyondBound { get; set; }

    /// <summary>Begins a path anew; <paramref name="path"/> is asked for its choices.</summary>
    public void Restart(ChoicePath path)
    {
        _path = path;
        Constraints.CopyFrom(_start);
        _pages.ClearPath();
    }

    /// <summary>Keeps the state of the path, for the checker's branches to resume from.</summary>
    public FrozenPath Freeze() => new(Constraints.Clone());

    /// <summary>Returns to a kept state of which only the decisions have changed since.</summary>
    public void ResumeDecisions(FrozenPath frozen, ChoicePath path)
    {
        _path = path;
        Constraints.CopyFrom(frozen.Constraints);
    }

    public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes)
    {
        long page = offsetBytes / PageMap.PageSizeBytes;
        int within = (int)(offsetBytes % PageMap.PageSizeBytes);
        if (within + lengthBytes > PageMap.PageSizeBytes)
            return Gather(offsetBytes, lengthBytes);
        Segment[]? segments = _pages.Of(page);
        if (segments is null)
            return _epoch.Durable.Read(offsetBytes, lengthBytes);
        foreach (Segment segment in segments)
        {
            if (segment.Start <= within && segment.End >= within + lengthBytes)
                return Resolve(segment.Part(within, within + lengthBytes, 0));
        }

        return Gather(offsetBytes, lengthBytes);
    }

    public bool IsDecided(long offsetBytes, int lengthBytes)
    {
        for (long page = offsetBytes / PageMap.PageSizeBytes; page * PageMap.PageSizeBytes < offsetBytes + lengthBytes; page++)
        {
            if (_pages.Of(page) is not { } segments)
                continue;
            int from = (int)Math.Max(0, offsetBytes - (page * PageMap.PageSizeBytes));
            int to = (int)Math.Min(PageMap.PageSizeBytes, offsetBytes + lengthBytes - (page * PageMap.PageSizeBytes));
            foreach (Segment segment in segments)
            {
                if (segment.Cell >= 0 && segment.End > from && segment.Start < to && !IsSame(segment.Part(from, to, 0)))
                    return false;
            }
        }

        return true;
    }

    public bool TryReadVerified(long offsetBytes, int lengthBytes, in ChecksumRule rule, out ReadOnlySpan<byte> bytes)
    {
        if (!_solver.Verify(rule)) // (2)
        {
            bytes = default;
            return false;
        }

        bytes = Read(offsetBytes, lengthBytes);
        return true;
    }

    public void Copy(long fromBytes, long toBytes, int lengthBytes) => _pages.Copy(fromBytes, toBytes, lengthBytes);

    public void Patch(long offsetBytes, ReadOnlySpan<byte> bytes) => _pages.Write(offsetBytes, bytes);

    public void Write(long offsetBytes, ReadOnlySpan<byte> bytes) => _pages.Write(offsetBytes, bytes);

    /// <summary>Takes one of the options, each a set of versions for one cell; options that stand for no state are not offered.</summary>
    public void ChooseSet(int cell, List<ulong[]> options)
    {
        if (Constraints.HasExclusions)
            options.RemoveAll(option => WeightWith([(cell, option)]).IsZero);
        Constraints.Sets.Set(cell, options[_path.Choose(options.Count)]);
    }

    /// <summary>How many states the path would stand for with those sets.</summary>
    public BigInteger WeightWith(ReadOnlySpan<(int Cell, ulong[] Words)> sets)
    {
        var kept = new ulong[sets.Length][];
        for (int i = 0; i < sets.Length; i++)
        {
            kept[i] = Constraints.Sets.Words(sets[i].Cell).ToArray();
            Constraints.Sets.Set(sets[i].Cell, sets[i].Words);
        }

        BigInteger weight = Constraints.Weight();
        for (int i = sets.Length - 1; i >= 0; i--)
            Constraints.Sets.Set(sets[i].Cell, kept[i]);
        return weight;
    }

    public int Choose(int count) => _path.Choose(count);

    /// <summary>The segments of a range in order, with the places in the range where they begin; durable stretches come as bytes.</summary>
    public void Segments(long offsetBytes, int lengthBytes, List<(int At, Segment Segment)> into)
    {
        for (int done = 0; done < lengthBytes;)
        {
            long at = offsetBytes + done;
            int within = (int)(at % PageMap.PageSizeBytes);
            int part = Math.Min(lengthBytes - done, PageMap.PageSizeBytes - within);
            if (_pages.Of(at / PageMap.PageSizeBytes) is { } segments)
            {
                foreach (Segment segment in segments)
                {
                    if (segment.End > within && segment.Start < within + part)
                    {
                        Segment piece = segment.Part(within, within + part, 0);
                        into.Add((done + piece.Start - within, piece));
                    }
                }
            }
            else
            {
                into.Add((done, new Segment(within, part, -2, 0, null)));
            }

            done += part;
        }
    }

    /// <summary>The bytes of a stretch that lies in one page, deciding it if it is a cell's.</summary>
    public ReadOnlySpan<byte> Resolve(Segment segment)
    {
        if (segment.Cell < 0)
            return segment.Bytes.AsSpan(segment.Source, segment.Length);
        int version = Constraints.Sets.First(segment.Cell);
        if (Constraints.Sets.Count(segment.Cell) > 1)
            version = Decide(segment);
        return _epoch.Cells[segment.Cell].Versions[version].Bytes.Span.Slice(segment.Source, segment.Length);
    }

    private bool IsSame(Segment segment)
    {
        Cell cell = _epoch.Cells[segment.Cell];
        int first = Constraints.Sets.First(segment.Cell);
        ReadOnlySpan<byte> bytes = cell.Versions[first].Bytes.Span.Slice(segment.Source, segment.Length);
        for (int version = first + 1; version < cell.Versions.Count; version++)
        {
            if (Constraints.Sets.Contains(segment.Cell, version)
                && !cell.Versions[version].Bytes.Span.Slice(segment.Source, segment.Length).SequenceEqual(bytes))
                return false;
        }

        return true;
    }

    private int Decide(Segment segment) // (1)
    {
        if (IsSame(segment))
            return Constraints.Sets.First(segment.Cell);
        Cell cell = _epoch.Cells[segment.Cell];
        var groups = new List<ulong[]>();
        var firsts = new List<int>();
        for (int version = 0; version < cell.Versions.Count; version++)
        {
            if (!Constraints.Sets.Contains(segment.Cell, version))
                continue;
            ReadOnlySpan<byte> bytes = cell.Versions[version].Bytes.Span.Slice(segment.Source, segment.Length);
            int group = 0;
            while (group < firsts.Count
                && !cell.Versions[firsts[group]].Bytes.Span.Slice(segment.Source, segment.Length).SequenceEqual(bytes))
                group++;
            if (group == firsts.Count)
            {
                firsts.Add(version);
                groups.Add(new ulong[Constraints.Sets.Words(segment.Cell).Length]);
            }

            groups[group][version >> 6] |= 1UL << (version & 63);
        }

        ChooseSet(segment.Cell, groups);
        return Constraints.Sets.First(segment.Cell);
    }

    private byte[] Gather(long offsetBytes, int lengthBytes)
    {
        var bytes = new byte[lengthBytes];
        var pieces = new List<(int At, Segment Segment)>();
        Segments(offsetBytes, lengthBytes, pieces);
        foreach ((int at, Segment piece) in pieces)
        {
            if (piece.Cell == -2)
                _epoch.Durable.Read(offsetBytes + at, bytes.AsSpan(at, piece.Length));
            else
                Resolve(piece).CopyTo(bytes.AsSpan(at));
        }

        return bytes;
    }

    /// <summary>The decisions of a path after recovery. What recovery wrote stays where it is: the checker writes nothing.</summary>
    internal sealed record FrozenPath(PathConstraints Constraints);
}
