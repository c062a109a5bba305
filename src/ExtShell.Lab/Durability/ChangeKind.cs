namespace ExtShell.Lab.Durability;

/// <summary>How a call changes a file.</summary>
internal enum ChangeKind
{
    /// <summary>Bytes at a place; grows the file to their end.</summary>
    Write,

    /// <summary>A size; zeroes from there on.</summary>
    Truncate,

    /// <summary>Blocks; grows the file unless it keeps the size.</summary>
    Fallocate,
}
