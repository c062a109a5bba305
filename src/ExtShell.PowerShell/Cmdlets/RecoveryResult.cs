using ExtShell.Engine.Journal;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>What Invoke-Recovery did.</summary>
/// <param name="Source">What was recovered.</param>
/// <param name="Journal">What recovery of the journal found; null where none was needed.</param>
/// <param name="TruncatedOrphans">How many orphans had a name and were truncated to their disk size.</param>
/// <param name="DeletedOrphans">How many had none and were deleted.</param>
public sealed record RecoveryResult(string Source, RecoveryReport? Journal, int TruncatedOrphans, int DeletedOrphans);
