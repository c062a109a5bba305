using System.Numerics;

namespace ExtShell.Lab.Crash;

/// <summary>
/// What a path of the exploration has decided: for each cell the versions still possible, and combinations that are excluded because a sum
/// over several cells was taken not to match.
/// </summary>
/// <remarks>
/// (1) The states that a path stands for are those in the product of the sets and in none of the excluded boxes.
/// (2) A path that stands for no state is never taken: options are weighed before they are offered, where there are exclusions.
/// </remarks>
internal sealed class PathConstraints
{
    private readonly int _cellCount;
    private readonly List<Box> _excluded = [];

    public PathConstraints(IReadOnlyList<Cell> cells)
    {
        _cellCount = cells.Count;
        Sets = new VersionSets(cells);
    }

    private PathConstraints(PathConstraints other)
    {
        _cellCount = other._cellCount;
        Sets = other.Sets.Clone();
        _excluded.AddRange(other._excluded);
    }

    public VersionSets Sets { get; }

    public bool HasExclusions => _excluded.Count > 0;

    /// <summary>Whether an exclusion ties the cell's versions to those of others.</summary>
    public bool IsTied(int cell)
    {
        foreach (Box box in _excluded)
        {
            foreach ((int side, _) in box.Sides)
            {
                if (side == cell)
                    return true;
            }
        }

        return false;
    }

    public PathConstraints Clone() => new(this);

    public void CopyFrom(PathConstraints other)
    {
        Sets.CopyFrom(other.Sets);
        _excluded.Clear();
        _excluded.AddRange(other._excluded);
    }

    public void Exclude(Box box) => _excluded.Add(box);

    public void RemoveLastExclusions(int count) => _excluded.RemoveRange(_excluded.Count - count, count);

    /// <summary>How many crash states the path stands for. (1)</summary>
    public BigInteger Weight() => Product(null) - ExcludedWeight();

    /// <summary>Whether a state is among those that the path stands for.</summary>
    public bool Contains(ReadOnlySpan<int> versions)
    {
        for (int cell = 0; cell < _cellCount; cell++)
        {
            if (!Sets.Contains(cell, versions[cell]))
                return false;
        }

        foreach (Box box in _excluded)
        {
            if (box.Contains(versions))
                return false;
        }

        return true;
    }

    private BigInteger ExcludedWeight()
    {
        if (_excluded.Count == 0)
            return BigInteger.Zero;
        var part = new Dictionary<int, ulong[]>();
        return Union(0, part);
    }

    /// <summary>
    /// Inclusion and exclusion over the boxes from <paramref name="first"/> on, within what <paramref name="part"/> leaves.
    /// </summary>
    private BigInteger Union(int first, Dictionary<int, ulong[]> part)
    {
        BigInteger sum = BigInteger.Zero;
        for (int i = first; i < _excluded.Count; i++)
        {
            if (_excluded[i].Within(part, Sets) is not { } smaller)
                continue;
            sum += Product(smaller) - Union(i + 1, smaller);
        }

        return sum;
    }

    private BigInteger Product(Dictionary<int, ulong[]>? part)
    {
        BigInteger product = BigInteger.One;
        ulong small = 1;
        for (int cell = 0; cell < _cellCount; cell++)
        {
            int count = part is not null && part.TryGetValue(cell, out ulong[]? words) ? Count(words) : Sets.Count(cell);
            if (count == 1)
                continue;
            if (small > uint.MaxValue)
            {
                product *= small;
                small = 1;
            }

            small *= (ulong)count;
        }

        return product * small;
    }

    private static int Count(ulong[] words)
    {
        int count = 0;
        foreach (ulong word in words)
            count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>Combinations of versions: for some cells a set of versions each.</summary>
    internal sealed class Box((int Cell, ulong[] Words)[] sides)
    {
        public IReadOnlyList<(int Cell, ulong[] Words)> Sides { get; } = sides;

        public bool Contains(ReadOnlySpan<int> versions)
        {
            foreach ((int cell, ulong[] words) in sides)
            {
                int version = versions[cell];
                if ((words[version >> 6] >> (version & 63) & 1) == 0)
                    return false;
            }

            return true;
        }

        /// <summary>The box's common part with another and the sets; null if there is none.</summary>
        public Dictionary<int, ulong[]>? Within(Dictionary<int, ulong[]> part, VersionSets sets)
        {
            var common = new Dictionary<int, ulong[]>(part);
            foreach ((int cell, ulong[] words) in sides)
            {
                ReadOnlySpan<ulong> other = part.TryGetValue(cell, out ulong[]? known) ? known : sets.Words(cell);
                var both = new ulong[words.Length];
                ulong any = 0;
                for (int i = 0; i < words.Length; i++)
                    any |= both[i] = words[i] & other[i];
                if (any == 0)
                    return null;
                common[cell] = both;
            }

            return common;
        }
    }
}
