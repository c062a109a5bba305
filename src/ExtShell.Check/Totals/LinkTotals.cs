namespace ExtShell.Check.Totals;

/// <summary>What leads to one inode, in the base.</summary>
internal sealed class LinkTotals
{
    private NameReference _first;
    private List<NameReference>? _more;

    /// <summary>Entries that lead to it, "." and ".." included.</summary>
    public int Count { get; set; }

    public int NameCount { get; private set; }

    public void Add(NameReference name)
    {
        Count++;
        if (NameCount++ == 0)
            _first = name;
        else
            (_more ??= []).Add(name);
    }

    public NameReference this[int index] => index == 0 ? _first : _more![index - 1];
}
