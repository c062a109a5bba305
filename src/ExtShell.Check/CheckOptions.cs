namespace ExtShell.Check;

/// <summary>What a check may be told.</summary>
public sealed record CheckOptions
{
    /// <summary>The options that are used where none are given.</summary>
    public static CheckOptions Default { get; } = new();

    /// <summary>
    /// The most findings that one object (an inode, a directory block, a group) may add; one more says how many were left out.
    /// </summary>
    public int MostFindingsPerObject { get; init; } = 64;
}
