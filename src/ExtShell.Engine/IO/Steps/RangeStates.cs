using ExtShell.Engine.Inodes;
using ExtShell.Engine.Mapping;

namespace ExtShell.Engine.IO.Steps;

/// <summary>What the blocks under a range of a file are, taken together.</summary>
/// <param name="HasHole">Whether one of them is not allocated.</param>
/// <param name="HasUnwritten">Whether one of them is unwritten.</param>
internal readonly record struct RangeStates(bool HasHole, bool HasUnwritten)
{
    /// <summary>Whether all of them are allocated and written: a write there is an overwrite.</summary>
    public bool IsWritten => !HasHole && !HasUnwritten;

    /// <summary>Looks at the blocks under the range; it stops at the first hole.</summary>
    public static RangeStates Under(IoContext io, Inode inode, long offsetBytes, long endBytes)
    {
        bool hasUnwritten = false;
        long endBlock = (endBytes + io.BlockSizeBytes - 1) >> io.BlockSizeBits;
        for (long block = offsetBytes >> io.BlockSizeBits; block < endBlock;)
        {
            BlockMapping run = inode.Map.Lookup((uint)block, (int)Math.Min(endBlock - block, int.MaxValue));
            if (run.State == MappingState.Hole)
                return new RangeStates(true, hasUnwritten);
            hasUnwritten |= run.State == MappingState.Unwritten;
            block = run.EndLogicalBlock;
        }

        return new RangeStates(false, hasUnwritten);
    }
}
