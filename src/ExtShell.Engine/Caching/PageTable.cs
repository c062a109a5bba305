namespace ExtShell.Engine.Caching;

/// <summary>
/// Pages by index, in order: chunks of 64 in a sorted list, so that a lookup is a search over few chunks and an ordered walk is cheap.
/// </summary>
internal sealed class PageTable
{
    private const int ChunkBits = 6;
    private const int ChunkSize = 1 << ChunkBits;

    private readonly SortedList<long, Chunk> _chunks = [];
    private long _lastNumber = -1;
    private Chunk? _lastChunk;

    public int Count { get; private set; }

    public Page? Find(long index) => FindChunk(index >> ChunkBits)?.Pages[(int)index & (ChunkSize - 1)];

    public void Add(Page page)
    {
        long number = page.Index >> ChunkBits;
        Chunk? chunk = FindChunk(number);
        if (chunk is null)
        {
            chunk = new Chunk();
            _chunks.Add(number, chunk);
            _lastNumber = number;
            _lastChunk = chunk;
        }

        chunk.Pages[(int)page.Index & (ChunkSize - 1)] = page;
        chunk.Present |= 1UL << (int)(page.Index & (ChunkSize - 1));
        Count++;
    }

    public void Remove(Page page)
    {
        long number = page.Index >> ChunkBits;
        Chunk chunk = FindChunk(number)!;
        chunk.Pages[(int)page.Index & (ChunkSize - 1)] = null;
        chunk.Present &= ~(1UL << (int)(page.Index & (ChunkSize - 1)));
        Count--;
        if (chunk.Present != 0)
            return;
        _chunks.Remove(number);
        _lastNumber = -1;
        _lastChunk = null;
    }

    /// <summary>The first page at or after an index.</summary>
    public Page? FindNext(long index)
    {
        if (Count == 0)
            return null;
        long number = index >> ChunkBits;
        int position = LowerBound(number);
        if (position < _chunks.Count && _chunks.Keys[position] == number)
        {
            Chunk chunk = _chunks.Values[position++];
            ulong left = chunk.Present & (ulong.MaxValue << (int)(index & (ChunkSize - 1)));
            if (left != 0)
                return chunk.Pages[System.Numerics.BitOperations.TrailingZeroCount(left)];
        }

        if (position == _chunks.Count)
            return null;
        Chunk next = _chunks.Values[position];
        return next.Pages[System.Numerics.BitOperations.TrailingZeroCount(next.Present)];
    }

    private Chunk? FindChunk(long number)
    {
        if (number == _lastNumber)
            return _lastChunk;
        if (!_chunks.TryGetValue(number, out Chunk? chunk))
            return null;
        _lastNumber = number;
        _lastChunk = chunk;
        return chunk;
    }

    private int LowerBound(long number)
    {
        int low = 0;
        for (int high = _chunks.Count; low < high;)
        {
            int middle = (low + high) / 2;
            if (_chunks.Keys[middle] < number)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private sealed class Chunk
    {
        public ulong Present { get; set; }

        public Page?[] Pages { get; } = new Page?[ChunkSize];
    }
}
