namespace ExtShell.Lab.Durability;

/// <summary>What a path led to, version after version.</summary>
internal sealed class NameHistory
{
    public NameHistory(string path, LedgerFile? atStart)
    {
        Path = path;
        Versions.Add(new NameVersion { Target = atStart, DurableAt = 0 });
        Current = atStart;
    }

    public string Path { get; }

    /// <summary>The path of the directory that holds the name.</summary>
    public string Parent => Path.LastIndexOf('/') is > 0 and var slash ? Path[..slash] : "/";

    /// <summary>
    /// In the order of acknowledgement; what the path led to when the log began comes first, what may have happened last.
    /// </summary>
    public List<NameVersion> Versions { get; } = [];

    /// <summary>What it leads to for callers now.</summary>
    public LedgerFile? Current { get; private set; }

    public void Add(LedgerFile? target, LedgerFile? subject, RecordedCall call, bool isCertain)
    {
        Versions.Add(new NameVersion { Target = target, Subject = subject, Call = call, IsCertain = isCertain });
        if (isCertain)
            Current = target;
    }

    /// <summary>The first cut at which a version is illegal, and the newer version that makes it so.</summary>
    public (int Cut, NameVersion? By) EndOf(NameVersion version)
    {
        (int cut, NameVersion? by) = (int.MaxValue, null);
        foreach (NameVersion newer in Versions)
        {
            if (newer.DurableAt < cut && version.IsBefore(newer))
                (cut, by) = (newer.DurableAt, newer);
        }

        return (cut, by);
    }

    /// <summary>The moment (a sequence number) from which a version cannot be what directory operations have led to.</summary>
    public (int Sequence, NameVersion? By) ReplacedBy(NameVersion version)
    {
        (int sequence, NameVersion? by) = (int.MaxValue, null);
        foreach (NameVersion newer in Versions)
        {
            if (newer.IsCertain && newer.Call is { } call && call.Acknowledged.Sequence < sequence && version.IsBefore(newer))
                (sequence, by) = (call.Acknowledged.Sequence, newer);
        }

        return (sequence, by);
    }
}
