using System.Numerics;

namespace ExtShell.Lab.Crash;

/// <summary>For each cell of an epoch the versions that are still possible on a path: one bit a version, words in one array.</summary>
internal sealed class VersionSets
{
    private readonly int[] _firstWord;
    private readonly ulong[] _words;

    public VersionSets(IReadOnlyList<Cell> cells)
    {
        _firstWord = new int[cells.Count + 1];
        for (int i = 0; i < cells.Count; i++)
            _firstWord[i + 1] = _firstWord[i] + ((cells[i].Versions.Count + 63) / 64);
        _words = new ulong[_firstWord[^1]];
        for (int i = 0; i < cells.Count; i++)
        {
            for (int version = 0; version < cells[i].Versions.Count; version++)
                Add(i, version);
        }
    }

    private VersionSets(VersionSets other)
    {
        _firstWord = other._firstWord;
        _words = other._words.AsSpan().ToArray();
    }

    public VersionSets Clone() => new(this);

    public void CopyFrom(VersionSets other) => other._words.AsSpan().CopyTo(_words);

    public bool Contains(int cell, int version) => (_words[_firstWord[cell] + (version >> 6)] >> (version & 63) & 1) != 0;

    public void Add(int cell, int version) => _words[_firstWord[cell] + (version >> 6)] |= 1UL << (version & 63);

    public ReadOnlySpan<ulong> Words(int cell) => _words.AsSpan(_firstWord[cell].._firstWord[cell + 1]);

    public void Set(int cell, ReadOnlySpan<ulong> words) => words.CopyTo(_words.AsSpan(_firstWord[cell]));

    public int Count(int cell)
    {
        int count = 0;
        foreach (ulong word in Words(cell))
            count += BitOperations.PopCount(word);
        return count;
    }

    public int First(int cell)
    {
        ReadOnlySpan<ulong> words = Words(cell);
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i] != 0)
                return (i * 64) + BitOperations.TrailingZeroCount(words[i]);
        }

        return -1;
    }
}
