using ExtShell.Engine.Inodes;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// Whether zeroes go out around a write's data: into the rest of blocks that are new or unwritten, and behind the end of the file. Two such
/// writes in one block must not be in flight together, nor one beside any other write of the block: the later zeroes would win over
/// acknowledged bytes.
/// </summary>
internal static class BlockPadding
{
    /// <summary>Whether a request begins or ends inside a block.</summary>
    public static bool IsUnaligned(IoContext io, long offsetBytes, int lengthBytes) =>
        ((offsetBytes | (uint)lengthBytes) & (io.BlockSizeBytes - 1)) != 0;

    /// <summary>Whether such a write pads, as things stand: the file's map and size do not change meanwhile.</summary>
    /// <param name="io">The volume.</param>
    /// <param name="inode">The file.</param>
    /// <param name="offsetBytes">Where the write begins.</param>
    /// <param name="lengthBytes">How long it is.</param>
    /// <param name="states">What is under it.</param>
    public static bool IsNeeded(IoContext io, Inode inode, long offsetBytes, int lengthBytes, RangeStates states)
    {
        long end = offsetBytes + lengthBytes;
        bool padsTail = (end & (io.BlockSizeBytes - 1)) != 0 && end >= inode.SizeBytes;
        return IsUnaligned(io, offsetBytes, lengthBytes) && (!states.IsWritten || padsTail);
    }
}
