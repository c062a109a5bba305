namespace ExtShell.Check.Totals;

/// <summary>What a group's bitmaps say is free; where a bitmap cannot be read, what its descriptor says.</summary>
internal readonly record struct GroupCounts(int FreeBlocks, int FreeInodes);
