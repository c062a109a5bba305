using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Allocation;
using ExtShell.Format.Checksums;
using Buffer = ExtShell.Engine.Caching.Buffer;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>
/// An inode as a map needs it, with a map in it; its block is one of the first inode table, so that storing it takes a credit.
/// </summary>
public sealed class MappedFile : IMappedInode
{
    private readonly TestVolume _volume;
    private readonly byte[] _root = new byte[60];

    public MappedFile(TestVolume volume, uint number = 20, uint generation = 7)
    {
        _volume = volume;
        Number = number;
        Generation = generation;
        ExtentMap.Initialise(_root);
        Map = new ExtentMap(volume.Context, this);
    }

    public ExtentMap Map { get; private set; }

    public uint Number { get; }

    public uint Generation { get; }

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
    public void Reopen() => Map = new ExtentMap(_volume.Context, this);

    /// <summary>
    /// Walks the whole tree without the engine, checks that it is sound, and returns what it maps; its blocks go to
    /// <paramref name="nodes"/>.
    /// </summary>
    public List<BlockMapping> WalkTree(List<long> nodes)
    {
        var mappings = new List<BlockMapping>();
        ReadOnlySpan<byte> root = _root;
        Assert.Equal(4, root[4]);
        long end = 0;
        WalkNode(_root, root[6], 0, null, ref end, mappings, nodes);
        return mappings;
    }

    private void WalkNode(byte[] node, int depth, long block, uint? firstKey, ref long end, List<BlockMapping> mappings, List<long> nodes)
    {
        ushort U16(int offset) => BitConverter.ToUInt16(node, offset);
        uint U32(int offset) => BitConverter.ToUInt32(node, offset);
        Assert.Equal(0xF30A, U16(0));
        int count = U16(2);
        Assert.Equal(depth, U16(6));
        int room = block == 0 ? 4 : (_volume.Geometry.BlockSizeBytes - 12) / 12;
        Assert.Equal(room, U16(4));
        Assert.InRange(count, block == 0 && depth == 0 ? 0 : 1, room);
        if (block != 0)
        {
            nodes.Add(block);
            long offset = _volume.Geometry.BlockOffsetBytes(block);
            uint seed = _volume.Geometry.InodeChecksumSeed(Number, Generation);
            if (_volume.Geometry.HasMetadataChecksum)
                Assert.True(Ext4Checksums.ExtentBlock(seed, offset, room).Matches(node, offset), $"node {block}");
        }

        for (int i = 0; i < count; i++)
        {
            int at = 12 + (12 * i);
            uint key = U32(at);
            if (i == 0 && firstKey is { } expected)
                Assert.Equal(expected, key);
            Assert.True(key >= end, "entries are in order");
            if (depth > 0)
            {
                long child = U32(at + 4) | ((long)U16(at + 8) << 32);
                byte[] content = _volume.Buffers.Read(_volume.Geometry.BlockOffsetBytes(child), _volume.Geometry.BlockSizeBytes).ToArray();
                WalkNode(content, depth - 1, child, key, ref end, mappings, nodes);
                continue;
            }

            int raw = U16(at + 4);
            int length = raw <= 32768 ? raw : raw - 32768;
            Assert.True(length > 0);
            mappings.Add(new BlockMapping(
                key, U32(at + 8) | ((long)U16(at + 6) << 32), length, raw > 32768 ? MappingState.Unwritten : MappingState.Written));
            end = key + (long)length;
        }
    }
}
