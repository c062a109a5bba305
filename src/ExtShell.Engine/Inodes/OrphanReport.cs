namespace ExtShell.Engine.Inodes;

/// <summary>What recovery did with the orphans that it found.</summary>
/// <param name="TruncatedCount">How many had a name and were truncated to their disk size.</param>
/// <param name="DeletedCount">How many had none and were deleted.</param>
public readonly record struct OrphanReport(int TruncatedCount, int DeletedCount);
