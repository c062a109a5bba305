namespace ExtShell.Lab.Durability;

/// <summary>What bytes are that were found where others were promised.</summary>
public enum ContentKind
{
    /// <summary>It is not about bytes.</summary>
    None,

    /// <summary>What an older write, or the file before the run, had at that place.</summary>
    OlderVersion,

    /// <summary>Zeroes: a hole, unwritten blocks, or written ones.</summary>
    Zeroes,

    /// <summary>Bytes of the same file, from another place.</summary>
    SameFileElsewhere,

    /// <summary>Bytes of another file that is still there.</summary>
    OtherFile,

    /// <summary>Bytes of a file that was deleted.</summary>
    DeletedFile,

    /// <summary>What the laboratory filled the free blocks with.</summary>
    Fill,

    /// <summary>The journal's bytes.</summary>
    Journal,

    /// <summary>The file system's metadata.</summary>
    Metadata,

    /// <summary>Bytes of no known origin.</summary>
    Unknown,
}
