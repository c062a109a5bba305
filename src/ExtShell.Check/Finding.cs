namespace ExtShell.Check;

/// <summary>One thing that the check found.</summary>
/// <param name="Code">What kind of thing: stable, for programs.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Where">Where it was found.</param>
/// <param name="Text">A sentence without a full stop that names what was expected and what was found.</param>
public sealed record Finding(FindingCode Code, FindingSeverity Severity, FindingPlace Where, string Text) : IComparable<Finding>
{
    /// <summary>Orders findings as a report lists them: by place, then by code, then by text.</summary>
    public int CompareTo(Finding? other)
    {
        if (other is null)
            return 1;
        int order = Where.CompareTo(other.Where);
        if (order == 0)
            order = Code.CompareTo(other.Code);
        return order == 0 ? string.CompareOrdinal(Text, other.Text) : order;
    }

    /// <summary>Such as <c>Error InodeBlocksWrong: inode 12: i_blocks should be 8, found 16</c>.</summary>
    public override string ToString() => $"{Severity} {Code}: {Where}: {Text}";
}
