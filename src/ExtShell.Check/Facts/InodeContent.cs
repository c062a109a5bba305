namespace ExtShell.Check.Facts;

/// <summary>What i_block holds.</summary>
internal enum InodeContent : byte
{
    /// <summary>Nothing that counts.</summary>
    None,

    /// <summary>The root of an extent tree.</summary>
    Extents,

    /// <summary>Fifteen block numbers.</summary>
    BlockMap,

    /// <summary>The block numbers of the resize inode, whose blocks are the file system's.</summary>
    ResizeMap,

    /// <summary>The target of a short symbolic link.</summary>
    FastLink,

    /// <summary>A device number.</summary>
    Device,

    /// <summary>Data, which goes on in an attribute.</summary>
    Inline,
}
