namespace ExtShell.Lab.Durability;

/// <summary>A stretch of a file that every call changed whole or not at all, with the versions that it may hold.</summary>
/// <param name="StartBytes">Where it begins in the file.</param>
/// <param name="EndBytes">The first byte behind it; <see cref="long.MaxValue"/> for the last one, which no call wrote.</param>
/// <param name="Versions">Newest first, in the order of the calls; what was there when the log began comes last.</param>
internal sealed record ByteSegment(long StartBytes, long EndBytes, ByteVersion[] Versions)
{
    /// <summary>
    /// The first moment of a range at which bytes may not be there; −1 if they may at all of them. Versions that come before
    /// <paramref name="notBefore"/> do not count.
    /// </summary>
    public int FirstIllegal(long offset, ReadOnlySpan<byte> bytes, int first, int last, FileChange? notBefore)
    {
        bool isAdvancing = true;
        while (isAdvancing)
        {
            isAdvancing = false;
            foreach (ByteVersion version in Versions)
            {
                if (version.Legal.From > first || version.Legal.Until <= first || (notBefore is not null && version.IsBefore(notBefore)))
                    continue;
                if (!version.Holds(offset, bytes))
                    continue;
                if (version.Legal.Until > last)
                    return -1;
                first = version.Legal.Until;
                isAdvancing = true;
            }
        }

        return first;
    }

    /// <summary>Whether some version that is legal at some moment of the range holds the bytes.</summary>
    public bool IsLegalSometime(long offset, ReadOnlySpan<byte> bytes, int first, int last)
    {
        foreach (ByteVersion version in Versions)
        {
            if (version.Legal.From <= last && version.Legal.Until > first && version.Holds(offset, bytes))
                return true;
        }

        return false;
    }

    /// <summary>The version that holds the bytes, legal or not; null if none does.</summary>
    public ByteVersion? Holding(long offset, ReadOnlySpan<byte> bytes)
    {
        foreach (ByteVersion version in Versions)
        {
            if (version.Holds(offset, bytes))
                return version;
        }

        return null;
    }

    /// <summary>Whether a change makes older versions illegal once it is settled.</summary>
    public bool IsEndedBy(FileChange change)
    {
        foreach (ByteVersion version in Versions)
        {
            if (version.Change == change)
                return version.EndsOthers;
        }

        return false;
    }

    /// <summary>The change that callers rely on at a moment: the newest that is settled; null if none is.</summary>
    public FileChange? PromisedAt(int time, TimeAxis axis)
    {
        foreach (ByteVersion version in Versions)
        {
            if (version.Change is { } change && version.EndsOthers && axis.Until(change) <= time)
                return change;
        }

        return null;
    }
}
