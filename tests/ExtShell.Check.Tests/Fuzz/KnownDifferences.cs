namespace ExtShell.Check.Tests.Fuzz;

/// <summary>
/// Where the checker says more or less than e2fsck -fn on purpose; each row names why. A difference that no row explains fails the test.
/// </summary>
internal static class KnownDifferences
{
    private static readonly (string Why, Func<CheckReport?, E2fsck, bool> Explains)[] Rows =
    [
        ("-n does not process the list of orphans; -y reports what is wrong with it",
            (report, fsck) => fsck.IsClean && report is not null
                && report.Findings.Any(finding => finding.Code is FindingCode.OrphanListInvalid or FindingCode.OrphansPending)),
        ("e2fsck does not look at eh_depth below the root; the kernel refuses such a node",
            (report, fsck) => fsck.IsClean && OnlyErrors(report, FindingCode.ExtentHeaderInvalid)),
        ("e2fsck does not look at s_first of an empty journal; the kernel refuses it",
            (report, fsck) => fsck.IsClean && OnlyErrors(report, FindingCode.JournalSuperBlockInvalid)),
        ("e2fsck marks the metadata of uninitialised groups in the bitmap that it has read, and forgets that it was not marked",
            (report, fsck) => fsck.IsClean && OnlyErrors(
                report, FindingCode.BlockBitmapDifference, FindingCode.BlockBitmapChecksumMismatch, FindingCode.FreeBlocksCountWrong)),
        ("a quota file without quota, or the Hurd as creator, is a problem for e2fsck where it gets in its way",
            (report, fsck) => fsck.IsClean && report is not null && OnlyErrors(report, FindingCode.SuperBlockFieldInvalid)),
        ("the checker has no clock",
            (report, fsck) => report is { IsClean: true } && fsck.Output.Contains("is in the future", StringComparison.Ordinal)),
    ];

    /// <summary>Why the two may differ, or null.</summary>
    public static string? Explain(CheckReport? report, E2fsck fsck)
    {
        foreach ((string why, Func<CheckReport?, E2fsck, bool> explains) in Rows)
        {
            if (explains(report, fsck))
                return why;
        }

        return null;
    }

    private static bool OnlyErrors(CheckReport? report, params FindingCode[] codes) =>
        report is not null
            && report.Findings.Where(finding => finding.Severity == FindingSeverity.Error).All(finding => codes.Contains(finding.Code));
}
