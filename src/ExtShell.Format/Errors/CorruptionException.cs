namespace ExtShell.Format.Errors;

/// <summary>
/// The image says something that cannot be: names the place, the structure, the field, what was expected and what was found.
/// </summary>
public sealed class CorruptionException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="offsetBytes">Where in the image the structure begins, in bytes.</param>
    /// <param name="structure">The structure, such as <c>inode 12</c> or <c>extent block</c>.</param>
    /// <param name="field">The field, such as <c>eh_magic</c>.</param>
    /// <param name="expected">What a sound image would have there.</param>
    /// <param name="found">What is there.</param>
    public CorruptionException(long offsetBytes, string structure, string field, string expected, string found)
        : base($"{structure} at byte {offsetBytes}: {field} should be {expected}, found {found}")
    {
        OffsetBytes = offsetBytes;
        Structure = structure;
        Field = field;
        Expected = expected;
        Found = found;
    }

    /// <summary>Where in the image the structure begins, in bytes.</summary>
    public long OffsetBytes { get; }

    /// <summary>The structure.</summary>
    public string Structure { get; }

    /// <summary>The field.</summary>
    public string Field { get; }

    /// <summary>What a sound image would have there.</summary>
    public string Expected { get; }

    /// <summary>What is there.</summary>
    public string Found { get; }
}
