namespace ExtShell.Check.Totals;

/// <summary>How what leads to one inode differs from the base.</summary>
internal sealed class LinkChange
{
    /// <summary>Entries more, or less, "." and ".." included.</summary>
    public int CountDelta { get; set; }

    public List<NameReference> Added { get; } = [];

    public List<NameReference> Removed { get; } = [];

    public bool IsRemoved(NameReference name)
    {
        foreach (NameReference removed in Removed)
        {
            if (removed.IsSame(name))
                return true;
        }

        return false;
    }
}
