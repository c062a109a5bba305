namespace ExtShell.Lab.Durability;

/// <summary>How a call changes a file.</summary>
internal enum ChangeKind
{
    /// <summary>Bytes at a place; grows the file to their end.</summary>
    Write,

    /// <summary>A size; zeroes from there on.</summary>
    Truncate,

    /// <summary>Zeroes at a place, by punching or zeroing a range; zeroing grows the file unless it keeps the size.</summary>
    Zero,

    /// <summary>A range that is taken out, or put in: what follows moves, and the size changes by its length.</summary>
    Shift,

    /// <summary>Blocks; grows the file unless it keeps the size.</summary>
    Fallocate,
}
