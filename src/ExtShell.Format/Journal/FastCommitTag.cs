namespace ExtShell.Format.Journal;

/// <summary>Kinds of record of a fast commit (<c>fc_tag</c>).</summary>
public enum FastCommitTag : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A range is mapped.</summary>
    AddRange = 1,

    /// <summary>A range is unmapped.</summary>
    DeleteRange = 2,

    /// <summary>A name is made with its inode.</summary>
    Create = 3,

    /// <summary>A name is linked.</summary>
    Link = 4,

    /// <summary>A name is removed.</summary>
    Unlink = 5,

    /// <summary>An inode's new content.</summary>
    Inode = 6,

    /// <summary>Fills the block.</summary>
    Padding = 7,

    /// <summary>Ends the fast commit.</summary>
    Tail = 8,

    /// <summary>Begins the fast commit.</summary>
    Head = 9,
}
