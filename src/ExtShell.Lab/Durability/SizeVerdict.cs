namespace ExtShell.Lab.Durability;

/// <summary>When a size is legal, and what it says of the bytes up to it.</summary>
/// <param name="Legal">When it is legal, in order.</param>
/// <param name="Append">The one direct write from which alone it can come (rule 10); null if there is no such.</param>
internal sealed record SizeVerdict(TimeStretch[] Legal, FileChange? Append)
{
    /// <summary>The first moment of the range at which the size is not legal; −1 if it always is.</summary>
    public int FirstIllegal(int first, int last)
    {
        foreach (TimeStretch legal in Legal)
        {
            if (legal.Until <= first)
                continue;
            if (legal.From > first)
                return first;
            if (legal.Until > last)
                return -1;
            first = legal.Until;
        }

        return first;
    }

    /// <summary>Whether the size is legal at some moment of the range.</summary>
    public bool IsLegalSometime(int first, int last)
    {
        foreach (TimeStretch legal in Legal)
        {
            if (legal.From <= last && legal.Until > first)
                return true;
        }

        return false;
    }
}
