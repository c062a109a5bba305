namespace ExtShell.Check.Facts;

/// <summary>What a block is to its directory.</summary>
internal enum DirectoryBlockRole : byte
{
    /// <summary>Entries of a directory without a hash tree.</summary>
    Linear,

    /// <summary>The first block of a hash-tree directory.</summary>
    Root,

    /// <summary>An index block of a hash tree.</summary>
    Node,

    /// <summary>Entries of a hash-tree directory.</summary>
    Leaf,

    /// <summary>Entries inside the inode.</summary>
    Inline,
}
