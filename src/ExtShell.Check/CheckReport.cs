using ExtShell.Check.Totals;

namespace ExtShell.Check;

/// <summary>What a check says of one image.</summary>
public sealed class CheckReport
{
    private CheckReport(IReadOnlyList<Finding> findings, VolumeTree tree, CheckSummary summary, bool isComplete)
    {
        Findings = findings;
        Tree = tree;
        Summary = summary;
        IsComplete = isComplete;
    }

    /// <summary>Whether there is no finding of severity <see cref="FindingSeverity.Error"/>.</summary>
    public bool IsClean => Summary.Errors == 0;

    /// <summary>Whether everything could be looked at; false where a sum does not match, or damage ended the check.</summary>
    public bool IsComplete { get; }

    /// <summary>What was found, in an order that depends on the image alone.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>The files of the volume as far as they could be read.</summary>
    public VolumeTree Tree { get; }

    /// <summary>Totals.</summary>
    public CheckSummary Summary { get; }

    /// <summary>The verdict, and a line for each finding.</summary>
    public override string ToString()
    {
        string verdict = IsClean ? "clean" : $"{Summary.Errors} error(s)";
        string end = IsComplete ? "" : " (the check could not look at everything)";
        string counts = FormattableString.Invariant(
            $"{Summary.InodesInUse:N0} inodes, {Summary.Directories:N0} directories, {Summary.BlocksClaimed:N0} blocks in use");
        return string.Join('\n', [$"{verdict}{end}: {counts}", .. Findings.Select(finding => "  " + finding)]);
    }

    internal static CheckReport Incomplete(Finding[] findings) =>
        new(findings, new VolumeTree(null), Count(findings, default), false);

    internal static CheckReport Of(VolumeView view, List<Finding> findings)
    {
        findings.Sort();
        var totals = new CheckSummary(
            view.InodesInUse, view.Directories, view.Base.Claims.BlocksClaimed + view.Claims.BlocksClaimedDelta, 0, 0, 0);
        return new CheckReport(findings, new VolumeTree(view), Count(findings, totals), view.UnknownCount == 0);
    }

    private static CheckSummary Count(IReadOnlyList<Finding> findings, CheckSummary totals)
    {
        (int errors, int warnings, int summaries) = (0, 0, 0);
        foreach (Finding finding in findings)
        {
            errors += finding.Severity == FindingSeverity.Error ? 1 : 0;
            warnings += finding.Severity == FindingSeverity.Warning ? 1 : 0;
            summaries += finding.Severity == FindingSeverity.Summary ? 1 : 0;
        }

        return totals with { Errors = errors, Warnings = warnings, Summaries = summaries };
    }
}
