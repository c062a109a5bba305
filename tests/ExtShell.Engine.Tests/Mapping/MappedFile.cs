using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Allocation;
using ExtShell.Format.Checksums;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>An inode with an extent tree in it.</summary>
public sealed class MappedFile : TestInode
{
    public MappedFile(TestVolume volume, uint number = 20, uint generation = 7)
        : base(volume, number, generation)
    {
        ExtentMap.Initialise(Stored);
        Map = new ExtentMap(volume.Context, this);
    }

    public ExtentMap Map { get; private set; }

    /// <summary>Forgets what the map remembers, as when the inode is read anew.</summary>
    public void Reopen() => Map = new ExtentMap(Volume.Context, this);

    /// <summary>
    /// Walks the whole tree without the engine, checks that it is sound, and returns what it maps; its blocks go to
    /// <paramref name="nodes"/>.
    /// </summary>
    public List<BlockMapping> WalkTree(List<long> nodes)
    {
        var mappings = new List<BlockMapping>();
        ReadOnlySpan<byte> root = Stored;
        Assert.Equal(4, root[4]);
        long end = 0;
        WalkNode(Stored, root[6], 0, null, ref end, mappings, nodes);
        return mappings;
    }

    private void WalkNode(byte[] node, int depth, long block, uint? firstKey, ref long end, List<BlockMapping> mappings, List<long> nodes)
    {
        ushort U16(int offset) => BitConverter.ToUInt16(node, offset);
        uint U32(int offset) => BitConverter.ToUInt32(node, offset);
        Assert.Equal(0xF30A, U16(0));
        int count = U16(2);
        Assert.Equal(depth, U16(6));
        int room = block == 0 ? 4 : (Volume.Geometry.BlockSizeBytes - 12) / 12;
        Assert.Equal(room, U16(4));
        Assert.InRange(count, block == 0 && depth == 0 ? 0 : 1, room);
        if (block != 0)
        {
            nodes.Add(block);
            long offset = Volume.Geometry.BlockOffsetBytes(block);
            uint seed = Volume.Geometry.InodeChecksumSeed(Number, Generation);
            if (Volume.Geometry.HasMetadataChecksum)
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
                byte[] content = Volume.Buffers.Read(Volume.Geometry.BlockOffsetBytes(child), Volume.Geometry.BlockSizeBytes).ToArray();
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
