namespace ExtShell.Engine.Inodes;

/// <summary>
/// No block of the directory before <paramref name="Block"/> has room for a record of <paramref name="NeededBytes"/> or more.
/// </summary>
/// <param name="Block">A block of the directory.</param>
/// <param name="NeededBytes">Bytes of the record that did not fit; 0 where nothing is known.</param>
internal readonly record struct InsertHint(uint Block, int NeededBytes)
{
    /// <summary>Whether it tells something of a record of so many bytes.</summary>
    public bool IsFor(int neededBytes) => NeededBytes != 0 && neededBytes >= NeededBytes;

    /// <summary>What is known after a name left <paramref name="block"/>.</summary>
    public InsertHint Lowered(uint block) => block < Block ? this with { Block = block } : this;
}
