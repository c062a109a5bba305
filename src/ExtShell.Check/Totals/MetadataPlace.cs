namespace ExtShell.Check.Totals;

/// <summary>Blocks of the file system's own that a check reads.</summary>
/// <param name="Block">The first block.</param>
/// <param name="LengthBlocks">How many.</param>
/// <param name="Kind">What they hold.</param>
/// <param name="Group">The group; for descriptors the first one in the block.</param>
internal readonly record struct MetadataPlace(long Block, int LengthBlocks, MetadataKind Kind, int Group)
{
    public long EndBlock => Block + LengthBlocks;
}
