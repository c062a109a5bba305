namespace ExtShell.Check.Facts;

/// <summary>
/// Gathers the findings of one object (an inode, a directory block, a group), up to a bound; one more says how many were left out.
/// </summary>
internal sealed class FindingList
{
    private const int MostFindings = 64;

    private readonly List<Finding> _findings = [];
    private int _omitted;

    public bool IsEmpty => _findings.Count == 0;

    public void Add(FindingCode code, FindingPlace where, string text)
    {
        if (_findings.Count < MostFindings)
            _findings.Add(new Finding(code, SeverityOf(code), where, text));
        else
            _omitted++;
    }

    /// <summary>What was gathered, and begins anew.</summary>
    public Finding[] Take()
    {
        if (_findings.Count == 0)
            return [];
        if (_omitted > 0)
        {
            Finding last = _findings[^1];
            _findings.Add(
                new Finding(FindingCode.FindingsOmitted, FindingSeverity.Error, last.Where,
                $"{_omitted} more findings in this object"));
        }

        Finding[] taken = [.. _findings];
        _findings.Clear();
        _omitted = 0;
        return taken;
    }

    private static FindingSeverity SeverityOf(FindingCode code) => code switch
    {
        FindingCode.FreeBlocksTotalStale or FindingCode.FreeInodesTotalStale => FindingSeverity.Summary,
        FindingCode.FeatureNotChecked or FindingCode.VolumeNotClean or FindingCode.DirectoryHashHintMissing
            or FindingCode.JournalNeedsRecovery or FindingCode.OrphansPending
            or FindingCode.UnwrittenPastEnd or FindingCode.WrittenPastEnd => FindingSeverity.Warning,
        _ => FindingSeverity.Error,
    };
}
