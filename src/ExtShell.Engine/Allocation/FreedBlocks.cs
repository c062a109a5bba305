using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Allocation;

/// <summary>
/// Blocks that were freed, but whose freeing is not durable yet: the bitmaps call them free, and still nobody may have them, because after
/// a power cut they may belong to who had them before.
/// </summary>
/// <remarks>
/// (1) A block is here from the moment when it is freed until the transaction that freed it has committed.
/// (2) It is here once: it cannot be allocated meanwhile, so it cannot be freed again.
/// </remarks>
internal sealed class FreedBlocks
{
    private readonly Action<int> _onReleased;
    private readonly ulong[]?[] _overlays;
    private readonly int[] _counts;
    private readonly int _wordsPerGroup;
    private Batch? _current;

    /// <summary>Nothing is freed.</summary>
    /// <param name="groupCount">Groups of the volume.</param>
    /// <param name="bitsPerGroup">Bits of a group's bitmap.</param>
    /// <param name="onReleased">Told of each group of which blocks may be had again.</param>
    public FreedBlocks(int groupCount, int bitsPerGroup, Action<int> onReleased)
    {
        _overlays = new ulong[]?[groupCount];
        _counts = new int[groupCount];
        _wordsPerGroup = (bitsPerGroup + 63) / 64;
        _onReleased = onReleased;
    }

    /// <summary>How many blocks wait.</summary>
    public long Count { get; private set; }

    /// <summary>How many blocks of a group wait.</summary>
    public int CountIn(int group) => _counts[group];

    /// <summary>The blocks of a group that wait, as a bitmap; empty if none does.</summary>
    public ReadOnlySpan<ulong> Overlay(int group) => _overlays[group];

    /// <summary>Adds blocks that were freed under <paramref name="handle"/>.</summary>
    public void Add(Handle handle, int group, int first, int length)
    {
        ulong[] overlay = _overlays[group] ??= new ulong[_wordsPerGroup];
        Fill(overlay, first, length, true);
        _counts[group] += length;
        Count += length;
        if (_current is not null && _current.Transaction == handle.Transaction)
        {
            _current.Runs.Add((group, first, length));
            return;
        }

        var batch = new Batch(handle.Transaction);
        batch.Runs.Add((group, first, length));
        _current = batch;
        handle.OnCommitted(() => Release(batch)); // (1); without a journal that may be at once
    }

    private void Release(Batch batch)
    {
        if (_current == batch)
            _current = null;
        foreach ((int group, int first, int length) in batch.Runs)
        {
            Fill(_overlays[group]!, first, length, false);
            _counts[group] -= length;
            Count -= length;
            if (_counts[group] == 0)
                _overlays[group] = null;
            _onReleased(group);
        }
    }

    private static void Fill(Span<ulong> overlay, int first, int length, bool value)
    {
        for (; length > 0;)
        {
            int bits = Math.Min(64 - (first % 64), length);
            ulong mask = (bits == 64 ? ulong.MaxValue : (1UL << bits) - 1) << (first % 64);
            InvariantException.Require((overlay[first / 64] & mask) == (value ? 0 : mask), "a block waits for one commit"); // (2)
            overlay[first / 64] ^= mask;
            first += bits;
            length -= bits;
        }
    }

    private sealed class Batch(TransactionId transaction)
    {
        public TransactionId Transaction { get; } = transaction;

        public List<(int Group, int First, int Length)> Runs { get; } = [];
    }
}
