using System.Buffers.Binary;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Allocation;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>An inode with a block map in it.</summary>
public sealed class IndirectFile : TestInode
{
    public IndirectFile(TestVolume volume, uint number = 20)
        : base(volume, number, generation: 7) => Map = new IndirectMap(volume.Context, this);

    public IndirectMap Map { get; private set; }

    /// <summary>Forgets what the map remembers, as when the inode is read anew.</summary>
    public void Reopen() => Map = new IndirectMap(Volume.Context, this);

    /// <summary>
    /// Walks all numbers without the engine, requires that no indirect block is empty, and returns what is mapped, block by block; the
    /// indirect blocks go to <paramref name="nodes"/>.
    /// </summary>
    public List<BlockMapping> WalkTree(List<long> nodes)
    {
        var mappings = new List<BlockMapping>();
        long logical = 0;
        for (int slot = 0; slot < 15; slot++)
            WalkNumber(BinaryPrimitives.ReadUInt32LittleEndian(Stored.AsSpan(slot * 4)), Math.Max(0, slot - 11), ref logical, mappings,
                nodes);
        return mappings;
    }

    private void WalkNumber(uint block, int height, ref long logical, List<BlockMapping> mappings, List<long> nodes)
    {
        int perArray = Volume.Geometry.BlockSizeBytes / 4;
        if (block == 0)
        {
            logical += (long)Math.Pow(perArray, height);
            return;
        }

        if (height == 0)
        {
            mappings.Add(new BlockMapping((uint)logical++, block, 1, MappingState.Written));
            return;
        }

        nodes.Add(block);
        int before = mappings.Count;
        byte[] array = Volume.Buffers.Read(Volume.Geometry.BlockOffsetBytes(block), Volume.Geometry.BlockSizeBytes).ToArray();
        for (int i = 0; i < perArray; i++)
            WalkNumber(BinaryPrimitives.ReadUInt32LittleEndian(array.AsSpan(i * 4)), height - 1, ref logical, mappings, nodes);
        Assert.True(mappings.Count > before, $"indirect block {block} holds something");
    }
}
