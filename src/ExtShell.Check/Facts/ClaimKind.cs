namespace ExtShell.Check.Facts;

/// <summary>
/// What a claimed block holds. What is not <see cref="Data"/> was interpreted: where it changes, its owner must be read again.
/// </summary>
internal enum ClaimKind : byte
{
    /// <summary>Content that no check reads.</summary>
    Data,

    /// <summary>The file system's own: superblock, descriptors, bitmaps, inode tables, and what is kept for them.</summary>
    FileSystem,

    /// <summary>A node of an extent tree or an indirect block.</summary>
    Map,

    /// <summary>Content that the check reads: directories, symbolic links, the journal's superblock, the orphan file.</summary>
    Content,

    /// <summary>A block of extended attributes, owned by itself: inodes share it.</summary>
    Attributes,
}
