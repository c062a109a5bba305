namespace ExtShell.Check.Totals;

/// <summary>The kinds of grounds on which findings rest.</summary>
internal enum FindingTopic : byte
{
    /// <summary>The superblock and the volume's totals.</summary>
    SuperBlock,

    /// <summary>How the file system's own structures lie.</summary>
    Layout,

    /// <summary>The journal.</summary>
    Journal,

    /// <summary>The orphans.</summary>
    Orphans,

    /// <summary>The resize inode's kept blocks.</summary>
    Resize,

    /// <summary>A group: descriptor and bitmaps.</summary>
    Group,

    /// <summary>An inode's local facts.</summary>
    Inode,

    /// <summary>What leads to an inode.</summary>
    Links,

    /// <summary>Whether an inode's blocks are its own.</summary>
    Claims,

    /// <summary>A block of attributes.</summary>
    Attributes,

    /// <summary>Directories that contain each other; the number is the least of them.</summary>
    Cycle,
}
