using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Mapping;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// The defect that 1bf6974822d1 cured: where an unwritten extent cannot be split for lack of space, its part behind the write is zeroed on
/// the device and all of it is marked written. Its part before the write shows what the blocks held.
/// </summary>
internal static class ZeroOut
{
    /// <summary>Does that to the unwritten extent around <paramref name="logicalBlock"/>.</summary>
    /// <returns>The run that the write may use; null if the block is in no unwritten extent.</returns>
    public static async ValueTask<BlockMapping?> MarkWholeWrittenAsync(IoContext io, DirectWrite write, uint logicalBlock, int lengthBlocks)
    {
        IBlockMap map = write.Inode.Map;
        BlockMapping run = map.Lookup(logicalBlock, lengthBlocks);
        if (run.State != MappingState.Unwritten)
            return null;
        BlockMapping whole = FindExtent(map, logicalBlock);
        long tailBlock = logicalBlock + run.LengthBlocks - whole.LogicalBlock + whole.PhysicalBlock;
        long tailBlocks = whole.EndLogicalBlock - run.EndLogicalBlock;
        if (tailBlocks > 0)
            await ZeroAsync(io, write, tailBlock << io.BlockSizeBits, tailBlocks << io.BlockSizeBits);

        await MarkWrittenAsync(io, write, whole);
        return run with { State = MappingState.Written };
    }

    /// <summary>
    /// Before that cure, where a conversion could not split: all of the unwritten extent around <paramref name="logicalBlock"/> is zeroed
    /// on the device, data that was written there too, and marked written.
    /// </summary>
    public static async ValueTask ZeroWholeAsync(IoContext io, DirectWrite write, uint logicalBlock)
    {
        IBlockMap map = write.Inode.Map;
        BlockMapping whole = FindExtent(map, logicalBlock);
        await ZeroAsync(io, write, whole.PhysicalBlock << io.BlockSizeBits, (long)whole.LengthBlocks << io.BlockSizeBits);
        await MarkWrittenAsync(io, write, whole);
    }

    private static async ValueTask MarkWrittenAsync(IoContext io, DirectWrite write, BlockMapping whole)
    {
        Handle handle = await io.Journal.StartAsync(write.Inode.Map.CreditsToConvert(whole.LengthBlocks), "mark written whole");
        try
        {
            write.Inode.Map.ConvertToWritten(handle, whole.LogicalBlock, whole.LengthBlocks);
            write.Inode.NoteTransaction(handle, isDataIntegrity: true);
        }
        finally
        {
            await handle.StopAsync();
        }
    }

    private static BlockMapping FindExtent(IBlockMap map, uint logicalBlock)
    {
        foreach (BlockMapping extent in map.Enumerate())
        {
            if (extent.LogicalBlock <= logicalBlock && logicalBlock < extent.EndLogicalBlock)
                return extent;
        }

        return map.Lookup(logicalBlock, int.MaxValue);
    }

    private static async ValueTask ZeroAsync(IoContext io, DirectWrite write, long offsetBytes, long lengthBytes)
    {
        var bio = new Bio(io.Machine);
        bio.SetWriteZeroes(offsetBytes, checked((int)lengthBytes),
            new Provenance(ProvenanceKind.Zeroes, write.Inode.Number, write.OffsetBytes, write.Call));
        io.Device.Submit(bio);
        await bio.WaitAsync();
        bio.ThrowIfFailed("zero the tail of an extent");
    }
}
