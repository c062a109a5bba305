using ExtShell.Check.Facts;

namespace ExtShell.Check.Totals;

/// <summary>Blocks that the same owners claim.</summary>
/// <param name="Block">The first block.</param>
/// <param name="EndBlock">The first block behind them.</param>
/// <param name="Count">How many claims cover them.</param>
/// <param name="Inode">The owner, if there is one claim; 0 for the file system and for blocks of attributes.</param>
/// <param name="Kind">What they hold, if there is one claim.</param>
internal readonly record struct ClaimSegment(long Block, long EndBlock, int Count, uint Inode, ClaimKind Kind);
