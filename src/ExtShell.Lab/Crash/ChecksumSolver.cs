using ExtShell.Format.Checksums;

namespace ExtShell.Lab.Crash;

/// <summary>
/// Decides a verified read over undecided cells without trying states one by one. The three sums are affine over GF(2): the sum of the
/// range is the sum with every undecided stretch zeroed, xor one contribution for each cell, and the stored sum likewise. So each group
/// of versions of a cell (those that agree on all that the rule touches) has one contribution, and the combinations that match are those
/// whose contributions xor to a known target.
/// </summary>
/// <remarks>
/// (1) One cell: its groups are told apart one by one; those that do not match are one option, exactly representable as a set.
/// (2) Several cells: all matching combinations are found by meeting in the middle; each is an option. "Does not match" is one option:
///     the sets stay, the matching combinations are excluded.
/// (3) Beyond <see cref="MostHalfCombinations"/> combinations in a half the cells are decided first, from the last on, until the rest fits;
///     this branches more but loses no state, and is counted for the report.
/// </remarks>
internal sealed class ChecksumSolver(UndecidedImage image)
{
    /// <summary>The most combinations that are tabled for a half.</summary>
    public const int MostHalfCombinations = 1 << 18;

    private readonly List<(int At, Segment Segment)> _pieces = [];
    private readonly List<Touched> _touched = [];

    /// <summary>Whether the sum matches on this path; narrows the path to where it does, or does not.</summary>
    public bool Verify(in ChecksumRule rule)
    {
        uint target = Sum(rule);
        if (_touched.Count == 0)
            return target == 0;
        while (!Fits())
        {
            image.SumsBeyondBound++; // (3)
            Touched last = _touched[^1];
            foreach (Segment piece in last.Slices)
                image.Resolve(piece);
            target = Sum(rule);
            if (_touched.Count == 0)
                return target == 0;
        }

        return _touched.Count == 1 ? VerifyOne(_touched[0], target) : VerifySeveral(target);
    }

    /// <summary>
    /// The xor that the undecided cells must contribute; fills the list of cells whose versions differ in what the rule touches.
    /// </summary>
    private uint Sum(in ChecksumRule rule)
    {
        _touched.Clear();
        uint register = rule.Register;
        int remaining = 0;
        for (int i = 0; i < rule.SegmentCount; i++)
            remaining += rule.Segment(i).LengthBytes;
        for (int i = 0; i < rule.SegmentCount; i++)
        {
            ChecksumSegment segment = rule.Segment(i);
            remaining -= segment.LengthBytes;
            register = segment.IsZeroes
                ? Checksum.UpdateZeroes(rule.Kind, register, segment.LengthBytes)
                : SumImage(rule.Kind, register, segment, remaining);
        }

        uint target = register & rule.Mask;
        target ^= StoredPart(rule.Low);
        if (rule.High.WidthBytes != 0)
            target ^= StoredPart(rule.High);
        Group(rule);
        for (int i = _touched.Count - 1; i >= 0; i--)
        {
            if (_touched[i].Groups.Count > 1)
                continue;
            target ^= _touched[i].Groups[0].Contribution;
            _touched.RemoveAt(i);
        }

        return target;
    }

    private uint SumImage(ChecksumKind kind, uint register, ChecksumSegment segment, int after)
    {
        _pieces.Clear();
        image.Segments(segment.OffsetBytes, segment.LengthBytes, _pieces);
        foreach ((int at, Segment piece) in _pieces)
        {
            if (piece.Cell < 0)
            {
                ReadOnlySpan<byte> bytes = piece.Cell == -2
                    ? image.Epoch.Durable.Read(segment.OffsetBytes + at, piece.Length)
                    : image.Resolve(piece);
                register = Checksum.Update(kind, register, bytes);
                continue;
            }

            int suffix = segment.LengthBytes - at - piece.Length + after;
            Touch(piece.Cell).Add(piece, kind, suffix);
            register = Checksum.UpdateZeroes(kind, register, piece.Length);
        }

        return register;
    }

    private uint StoredPart(StoredBits bits)
    {
        _pieces.Clear();
        image.Segments(bits.OffsetBytes, bits.WidthBytes, _pieces);
        if (_pieces is [(_, { Cell: >= 0 } piece)])
        {
            Touch(piece.Cell).Stored.Add((piece, bits));
            return 0;
        }

        return bits.Extract(image.Read(bits.OffsetBytes, bits.WidthBytes));
    }

    private Touched Touch(int cell)
    {
        foreach (Touched known in _touched)
        {
            if (known.Cell == cell)
                return known;
        }

        var touched = new Touched(cell);
        _touched.Add(touched);
        return touched;
    }

    private void Group(in ChecksumRule rule)
    {
        foreach (Touched touched in _touched)
        {
            Cell cell = image.Epoch.Cells[touched.Cell];
            for (int version = 0; version < cell.Versions.Count; version++)
            {
                if (image.Constraints.Sets.Contains(touched.Cell, version))
                    touched.Place(cell, version, rule.Mask, image.Constraints.Sets.Words(touched.Cell).Length);
            }
        }
    }

    private bool Fits()
    {
        long left = 1;
        long right = 1;
        for (int i = 0; i < _touched.Count; i++)
        {
            ref long half = ref i < _touched.Count / 2 ? ref left : ref right;
            half *= _touched[i].Groups.Count;
            if (half > MostHalfCombinations)
                return false;
        }

        return true;
    }

    private bool VerifyOne(Touched cell, uint target) // (1)
    {
        var options = new List<ulong[]>();
        ulong[]? mismatch = null;
        foreach (VersionGroup group in cell.Groups)
        {
            if (group.Contribution == target)
            {
                options.Add(group.Words);
                continue;
            }

            mismatch ??= new ulong[group.Words.Length];
            for (int i = 0; i < mismatch.Length; i++)
                mismatch[i] |= group.Words[i];
        }

        if (mismatch is not null)
            options.Add(mismatch);
        image.ChooseSet(cell.Cell, options);
        return mismatch is null || !image.Constraints.Sets.Words(cell.Cell).SequenceEqual(mismatch);
    }

    private bool VerifySeveral(uint target) // (2)
    {
        List<int[]> matches = Matches(target);
        var options = new List<(int Cell, ulong[] Words)[]>(matches.Count);
        foreach (int[] match in matches)
            options.Add(Sides(match));
        if (image.Constraints.HasExclusions)
            options.RemoveAll(option => image.WeightWith(option).IsZero);
        foreach ((int Cell, ulong[] Words)[] option in options)
            image.Constraints.Exclude(new PathConstraints.Box(option));
        bool canMismatch = !image.Constraints.Weight().IsZero;
        int pick = image.Choose(options.Count + (canMismatch ? 1 : 0));
        if (pick == options.Count)
            return false;
        image.Constraints.RemoveLastExclusions(options.Count);
        foreach ((int cell, ulong[] words) in options[pick])
            image.Constraints.Sets.Set(cell, words);
        return true;
    }

    private (int Cell, ulong[] Words)[] Sides(int[] match)
    {
        var sides = new (int, ulong[])[match.Length];
        for (int i = 0; i < match.Length; i++)
            sides[i] = (_touched[i].Cell, _touched[i].Groups[match[i]].Words);
        return sides;
    }

    /// <summary>
    /// All combinations, one group of each cell, whose contributions xor to the target; in order of the left half, then the right.
    /// </summary>
    private List<int[]> Matches(uint target)
    {
        int half = _touched.Count / 2;
        var right = new Dictionary<uint, List<int>>();
        int rightCount = Combinations(half, _touched.Count);
        for (int code = 0; code < rightCount; code++)
        {
            uint sum = Xor(code, half, _touched.Count);
            if (!right.TryGetValue(sum, out List<int>? codes))
                right.Add(sum, codes = []);
            codes.Add(code);
        }

        var matches = new List<int[]>();
        int leftCount = Combinations(0, half);
        for (int code = 0; code < leftCount; code++)
        {
            if (!right.TryGetValue(Xor(code, 0, half) ^ target, out List<int>? codes))
                continue;
            foreach (int other in codes)
            {
                var match = new int[_touched.Count];
                Decode(code, 0, half, match);
                Decode(other, half, _touched.Count, match);
                matches.Add(match);
            }
        }

        return matches;
    }

    private int Combinations(int from, int to)
    {
        int count = 1;
        for (int i = from; i < to; i++)
            count *= _touched[i].Groups.Count;
        return count;
    }

    private uint Xor(int code, int from, int to)
    {
        uint sum = 0;
        for (int i = from; i < to; i++)
        {
            sum ^= _touched[i].Groups[code % _touched[i].Groups.Count].Contribution;
            code /= _touched[i].Groups.Count;
        }

        return sum;
    }

    private void Decode(int code, int from, int to, int[] into)
    {
        for (int i = from; i < to; i++)
        {
            into[i] = code % _touched[i].Groups.Count;
            code /= _touched[i].Groups.Count;
        }
    }

    /// <summary>Versions of a cell that agree on all that the rule touches.</summary>
    private sealed record VersionGroup(int First, uint Contribution, ulong[] Words);

    /// <summary>A cell that the rule touches.</summary>
    private sealed class Touched(int cell)
    {
        private readonly List<(Segment Piece, ChecksumKind Kind, int SuffixBytes)> _summed = [];

        public int Cell { get; } = cell;

        public List<(Segment Piece, StoredBits Bits)> Stored { get; } = [];

        public List<VersionGroup> Groups { get; } = [];

        public IEnumerable<Segment> Slices
        {
            get
            {
                foreach ((Segment piece, _, _) in _summed)
                    yield return piece;
                foreach ((Segment piece, _) in Stored)
                    yield return piece;
            }
        }

        public void Add(Segment piece, ChecksumKind kind, int suffixBytes) => _summed.Add((piece, kind, suffixBytes));

        public void Place(Cell cell, int version, uint mask, int words)
        {
            foreach (VersionGroup group in Groups)
            {
                if (Agree(cell.Versions[group.First].Bytes.Span, cell.Versions[version].Bytes.Span))
                {
                    group.Words[version >> 6] |= 1UL << (version & 63);
                    return;
                }
            }

            var added = new VersionGroup(version, Contribution(cell.Versions[version].Bytes.Span, mask), new ulong[words]);
            added.Words[version >> 6] |= 1UL << (version & 63);
            Groups.Add(added);
        }

        private bool Agree(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
        {
            foreach ((Segment piece, _, _) in _summed)
            {
                if (!a.Slice(piece.Source, piece.Length).SequenceEqual(b.Slice(piece.Source, piece.Length)))
                    return false;
            }

            foreach ((Segment piece, _) in Stored)
            {
                if (!a.Slice(piece.Source, piece.Length).SequenceEqual(b.Slice(piece.Source, piece.Length)))
                    return false;
            }

            return true;
        }

        private uint Contribution(ReadOnlySpan<byte> bytes, uint mask)
        {
            uint sum = 0;
            foreach ((Segment piece, ChecksumKind kind, int suffixBytes) in _summed)
                sum ^= Checksum.UpdateZeroes(kind, Checksum.Update(kind, 0, bytes.Slice(piece.Source, piece.Length)), suffixBytes);
            sum &= mask;
            foreach ((Segment piece, StoredBits bits) in Stored)
                sum ^= bits.Extract(bytes.Slice(piece.Source, piece.Length));
            return sum;
        }
    }
}
