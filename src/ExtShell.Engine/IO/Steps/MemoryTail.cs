using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Mapping;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// What mappings stored past the end of a file into the device's memory: it is there, as nothing writes such pages back, and becomes zero
/// before the file grows over it.
/// </summary>
internal static class MemoryTail
{
    /// <summary>
    /// Makes the bytes between the end of the file and <paramref name="toBytes"/> zero that lie in the block of the end. The invalidation
    /// lock is held exclusively until the size is raised, so that no store comes after this.
    /// </summary>
    public static void Zero(IoContext io, Inode inode, long toBytes)
    {
        long size = inode.SizeBytes;
        long end = Math.Min(toBytes, (size + io.BlockSizeBytes - 1) & -io.BlockSizeBytes);
        if (io.Memory is not { } memory)
            return;
        inode.Pages.MappedMemory?.Remove(size, 1);
        if (end <= size)
            return;
        BlockMapping block = inode.Map.Lookup((uint)(size >> io.BlockSizeBits), 1);
        if (block.State != MappingState.Written)
            return;
        long deviceOffset = (block.PhysicalBlock << io.BlockSizeBits) + (size & (io.BlockSizeBytes - 1));
        var stored = new byte[end - size];
        memory.Load(deviceOffset, stored);
        if (stored.AsSpan().IndexOfAnyExcept((byte)0) >= 0)
            memory.StoreNonTemporal(deviceOffset, new byte[end - size], new Provenance(ProvenanceKind.Zeroes, inode.Number, size));
    }
}
