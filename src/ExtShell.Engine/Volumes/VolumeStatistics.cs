namespace ExtShell.Engine.Volumes;

/// <summary>What <c>statfs(2)</c> answers.</summary>
/// <param name="BlockSizeBytes">The block size.</param>
/// <param name="TotalBlocks">All blocks of the volume.</param>
/// <param name="FreeBlocks">Blocks that are free, those kept for root included.</param>
/// <param name="TotalInodes">All inodes.</param>
/// <param name="FreeInodes">Inodes that are free.</param>
public readonly record struct VolumeStatistics(int BlockSizeBytes, long TotalBlocks, long FreeBlocks, long TotalInodes, long FreeInodes);
