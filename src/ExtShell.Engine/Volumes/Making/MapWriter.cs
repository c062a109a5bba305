using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ExtShell.Engine.Devices;
using ExtShell.Format.Checksums;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>Writes the map of a file that the volume is made with: the root into its inode, the rest into its map blocks.</summary>
internal static class MapWriter
{
    /// <summary>Writes an extent tree of depth 0 or 1, its root into the inode's 60 bytes.</summary>
    public static void WriteExtents(IStorage storage, VolumeGeometry geometry, uint inode, FilePlace place, Span<byte> root)
    {
        if (place.MapBlocks.Count == 0)
        {
            WriteHeader(root, place.Extents.Count, ExtentHeader.RootMaxEntriesCount, 0);
            WriteLeaves(root[ExtentHeader.SizeBytes..], place, 0, place.Extents.Count);
            return;
        }

        int perLeaf = ExtentHeader.BlockMaxEntriesCount(geometry.BlockSizeBytes);
        WriteHeader(root, place.MapBlocks.Count, ExtentHeader.RootMaxEntriesCount, 1);
        var indexes = MemoryMarshal.Cast<byte, ExtentIndex>(root[ExtentHeader.SizeBytes..]);
        for (int leaf = 0; leaf < place.MapBlocks.Count; leaf++)
        {
            int first = leaf * perLeaf;
            int count = Math.Min(perLeaf, place.Extents.Count - first);
            indexes[leaf] = ExtentIndex.Of(place.Extents[first].Logical, place.MapBlocks[leaf]);
            WriteLeafBlock(storage, geometry, inode, place, place.MapBlocks[leaf], first, count);
        }
    }

    /// <summary>Writes a block map (direct, indirect, double indirect), its root into the inode's 60 bytes.</summary>
    public static void WriteBlockMap(IStorage storage, VolumeGeometry geometry, FilePlace place, Span<byte> root)
    {
        int perBlock = geometry.BlockSizeBytes / 4;
        int logical = 0;
        for (; logical < Math.Min(place.LengthBlocks, BlockMapSteps.DirectBlocks); logical++)
            SetPointer(root, logical, place.Physical(logical));
        var doubleIndirect = new byte[geometry.BlockSizeBytes];
        var leaf = new byte[geometry.BlockSizeBytes];
        for (int number = 0, next = 0; logical < place.LengthBlocks; number++)
        {
            if (number == 1)
                SetPointer(root, BlockMapSteps.DirectBlocks + 1, place.MapBlocks[next++]);
            long block = place.MapBlocks[next++];
            if (number == 0)
                SetPointer(root, BlockMapSteps.DirectBlocks, block);
            else
                SetPointer(doubleIndirect, number - 1, block);
            Array.Clear(leaf);
            for (int i = 0; i < perBlock && logical < place.LengthBlocks; i++, logical++)
                SetPointer(leaf, i, place.Physical(logical));
            storage.Write(geometry.BlockOffsetBytes(block), leaf);
        }

        if (place.MapBlocks.Count > 1)
            storage.Write(geometry.BlockOffsetBytes(place.MapBlocks[1]), doubleIndirect);
    }

    /// <summary>Stores a block number in a block of pointers.</summary>
    public static void SetPointer(Span<byte> pointers, int index, long block) =>
        BinaryPrimitives.WriteUInt32LittleEndian(pointers[(index * 4)..], checked((uint)block));

    private static void WriteLeafBlock(
        IStorage storage, VolumeGeometry geometry, uint inode, FilePlace place, long block, int first, int count)
    {
        int perLeaf = ExtentHeader.BlockMaxEntriesCount(geometry.BlockSizeBytes);
        var bytes = new byte[geometry.BlockSizeBytes];
        WriteHeader(bytes, count, perLeaf, 0);
        WriteLeaves(bytes.AsSpan(ExtentHeader.SizeBytes), place, first, count);
        if (geometry.HasMetadataChecksum)
            Ext4Checksums.ExtentBlock(geometry.InodeChecksumSeed(inode, 0), 0, perLeaf).Store(bytes, 0);
        storage.Write(geometry.BlockOffsetBytes(block), bytes);
    }

    private static void WriteHeader(Span<byte> node, int entriesCount, int maxEntriesCount, int depth)
    {
        ref ExtentHeader header = ref MemoryMarshal.AsRef<ExtentHeader>(node);
        header.Magic = ExtentHeader.ExpectedMagic;
        header.EntriesCount = (ushort)entriesCount;
        header.MaxEntriesCount = (ushort)maxEntriesCount;
        header.Depth = (ushort)depth;
    }

    private static void WriteLeaves(Span<byte> entries, FilePlace place, int first, int count)
    {
        var leaves = MemoryMarshal.Cast<byte, ExtentLeaf>(entries);
        for (int i = 0; i < count; i++)
        {
            (uint logical, long start, int length) = place.Extents[first + i];
            leaves[i] = ExtentLeaf.Of(logical, length, start, isUnwritten: false);
        }
    }
}
