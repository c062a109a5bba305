namespace ExtShell.Engine.Journal;

/// <summary>A stretch of the journal's own blocks that are neighbours on the volume.</summary>
/// <param name="FirstBlock">The first one, counted within the journal.</param>
/// <param name="PhysicalBlock">Where it is on the volume.</param>
/// <param name="LengthBlocks">How many.</param>
public readonly record struct JournalRun(uint FirstBlock, long PhysicalBlock, int LengthBlocks);
