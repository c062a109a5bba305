using ExtShell.Format.Errors;

namespace ExtShell.Engine.Volumes.Making;

/// <summary>
/// The order in which a file with a block map is written: how many pointer blocks are needed before which stretch of data.
/// </summary>
internal static class BlockMapSteps
{
    /// <summary>Blocks that the inode points to itself.</summary>
    public const int DirectBlocks = 12;

    /// <summary>The steps of a file without holes.</summary>
    /// <param name="lengthBlocks">Blocks of the file; no more than a double indirect map reaches.</param>
    /// <param name="perBlock">Pointers in a block.</param>
    public static IEnumerable<(int PointerBlocks, int DataBlocks)> For(int lengthBlocks, int perBlock)
    {
        InvariantException.Require(
            lengthBlocks <= DirectBlocks + perBlock + ((long)perBlock * perBlock), "a made file needs no triple indirect block");
        yield return (0, Math.Min(lengthBlocks, DirectBlocks));
        int rest = lengthBlocks - DirectBlocks;
        for (int leaf = 0; rest > 0; leaf++, rest -= perBlock)
            yield return (leaf == 1 ? 2 : 1, Math.Min(rest, perBlock)); // the double indirect block comes with its first leaf
    }
}
