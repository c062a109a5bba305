using System.Buffers.Binary;
using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Allocation;
using Buffer = ExtShell.Engine.Caching.Buffer;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>An inode with a block map in it; its block is one of the first inode table, so that storing it takes a credit.</summary>
public sealed class IndirectFile : IMappedInode
{
    private readonly TestVolume _volume;
    private readonly byte[] _root = new byte[60];

    public IndirectFile(TestVolume volume, uint number = 20)
    {
        _volume = volume;
        Number = number;
        Map = new IndirectMap(volume.Context, this);
    }

    public IndirectMap Map { get; private set; }

    public uint Number { get; }

    public uint Generation => 7;

    public Span<byte> Root => _root;

    public long AllocationGoal { get; set; }

    public BlockUse ContentUse { get; init; } = BlockUse.Data;

    public long Blocks { get; private set; }

    public bool IsStored { get; private set; } = true;

    public void MarkDirty(Handle handle)
    {
        Buffer buffer = _volume.Buffers.Get(_volume.Context.Groups.InodeTableBlock(0) + 1);
        _root.CopyTo(handle.GetWriteAccess(buffer)[40..]);
        handle.Dirty(buffer);
        IsStored = true;
    }

    public void ChangeBlocks(long deltaBlocks)
    {
        Blocks += deltaBlocks;
        IsStored = false;
    }

    /// <summary>Forgets what the map remembers, as when the inode is read anew.</summary>
    public void Reopen() => Map = new IndirectMap(_volume.Context, this);

    /// <summary>
    /// Walks all numbers without the engine, requires that no indirect block is empty, and returns what is mapped, block by block; the
    /// indirect blocks go to <paramref name="nodes"/>.
    /// </summary>
    public List<BlockMapping> WalkTree(List<long> nodes)
    {
        var mappings = new List<BlockMapping>();
        long logical = 0;
        for (int slot = 0; slot < 15; slot++)
            WalkNumber(BinaryPrimitives.ReadUInt32LittleEndian(_root.AsSpan(slot * 4)), Math.Max(0, slot - 11), ref logical, mappings,
                nodes);
        return mappings;
    }

    private void WalkNumber(uint block, int height, ref long logical, List<BlockMapping> mappings, List<long> nodes)
    {
        int perArray = _volume.Geometry.BlockSizeBytes / 4;
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
        byte[] array = _volume.Buffers.Read(_volume.Geometry.BlockOffsetBytes(block), _volume.Geometry.BlockSizeBytes).ToArray();
        for (int i = 0; i < perArray; i++)
            WalkNumber(BinaryPrimitives.ReadUInt32LittleEndian(array.AsSpan(i * 4)), height - 1, ref logical, mappings, nodes);
        Assert.True(mappings.Count > before, $"indirect block {block} holds something");
    }
}
