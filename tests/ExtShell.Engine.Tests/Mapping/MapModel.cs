using ExtShell.Engine.Mapping;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>What a map should hold, block by block.</summary>
public sealed class MapModel
{
    private readonly SortedDictionary<uint, (long Physical, MappingState State)> _blocks = [];

    public int Count => _blocks.Count;

    public IEnumerable<long> Physical => _blocks.Values.Select(one => one.Physical);

    public bool TryGet(uint logical, out (long Physical, MappingState State) block) => _blocks.TryGetValue(logical, out block);

    public void Set(in BlockMapping mapping)
    {
        for (int i = 0; i < mapping.LengthBlocks; i++)
            _blocks[mapping.LogicalBlock + (uint)i] = (mapping.PhysicalBlock + i, mapping.State);
    }

    public void Remove(uint from, uint toExclusive)
    {
        foreach (uint logical in _blocks.Keys.Where(one => one >= from && one < toExclusive).ToArray())
            _blocks.Remove(logical);
    }

    /// <summary>Checks that the mappings are what the model holds.</summary>
    public void CheckEqual(IEnumerable<BlockMapping> mappings)
    {
        using SortedDictionary<uint, (long Physical, MappingState State)>.Enumerator expected = _blocks.GetEnumerator();
        foreach (BlockMapping mapping in mappings)
        {
            for (int i = 0; i < mapping.LengthBlocks; i++)
            {
                Assert.True(expected.MoveNext(), $"block {mapping.LogicalBlock + i} is mapped, and should not be");
                Assert.Equal(
                    (expected.Current.Key, expected.Current.Value.Physical, expected.Current.Value.State),
                    (mapping.LogicalBlock + (uint)i, mapping.PhysicalBlock + i, mapping.State));
            }
        }

        Assert.False(expected.MoveNext(), "a block is not mapped, and should be");
    }
}
