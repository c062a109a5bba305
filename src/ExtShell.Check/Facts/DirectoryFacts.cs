namespace ExtShell.Check.Facts;

/// <summary>What a directory's blocks say.</summary>
internal sealed class DirectoryFacts
{
    /// <summary>Its blocks by logical block, as far as they are mapped; inline data counts as one.</summary>
    public required DirectoryBlockFacts[] Blocks { get; init; }

    /// <summary>Findings that belong to no single block: holes, and what the hash tree says of its blocks.</summary>
    public Finding[] Findings { get; init; } = [];

    /// <summary>
    /// The block at <paramref name="logical"/>, or null. Blocks are ordered unless the map is damaged; then it may miss one.
    /// </summary>
    public DirectoryBlockFacts? Find(uint logical)
    {
        int low = 0;
        int high = Blocks.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Blocks[middle].LogicalBlock < logical)
                low = middle + 1;
            else
                high = middle;
        }

        return low < Blocks.Length && Blocks[low].LogicalBlock == logical ? Blocks[low] : null;
    }

    public uint DotDotInode => Blocks.Length == 0 ? 0 : Blocks[0].DotDotInode;
}
