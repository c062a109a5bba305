namespace ExtShell.Check.Totals;

/// <summary>How what leads to one inode differs from the base.</summary>
internal sealed class LinkChange
{
    /// <summary>Entries more, or less, "." and ".." included.</summary>
    public int CountDelta { get; set; }

    public List<NameReference> Added { get; } = [];

    /// <summary>Names of the base that lead to it no more; asked, never gone through, as its order is none.</summary>
    public HashSet<NameReference> Removed { get; } = [];
}
