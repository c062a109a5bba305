using ExtShell.Check.Facts;
using ExtShell.Check.Totals;
using ExtShell.Format.Errors;
using ExtShell.Format.Sources;

namespace ExtShell.Check;

/// <summary>
/// A volume that was checked once and whole, against which states that differ from it a little are judged at the cost of what differs. It
/// keeps the image, which must stay as it is. It is not changed by judging, and may be used by several threads.
/// </summary>
/// <remarks>
/// Verdicts follow <c>e2fsck -fn</c> of e2fsprogs 1.47: what it reports is an error here, and what it accepts is none. The exceptions are
/// in
/// <see cref="ImageChecker"/>.
/// </remarks>
public sealed class CheckBase
{
    private readonly VolumeTotals? _totals;

    private CheckBase(VolumeTotals? totals, CheckReport report)
    {
        _totals = totals;
        Report = report;
    }

    /// <summary>What the check of the base found.</summary>
    public CheckReport Report { get; }

    /// <summary>Checks the image, whole.</summary>
    /// <exception cref="CorruptionException">There is no ext2, ext3 or ext4 superblock at all.</exception>
    /// <exception cref="FileSystemException">The image is an external journal.</exception>
    public static CheckBase Build(IByteSource image)
    {
        var findings = new FindingList();
        Volume? volume = SuperBlockCheck.Read(image, findings);
        if (volume is null)
            return new CheckBase(null, CheckReport.Incomplete(findings.Take()));
        var groups = new GroupFacts[volume.Geometry.GroupCount];
        for (int group = 0; group < groups.Length; group++)
            groups[group] = GroupFacts.Read(volume, group);
        VolumeTotals? totals = TotalsBuilder.Build(volume, groups);
        if (totals is null)
        {
            findings.Add(
                FindingCode.FindingsOmitted, new FindingPlace(FindingStructure.SuperBlock),
                "the inodes map more blocks than the volume has; the check ends here");
            return new CheckBase(null, CheckReport.Incomplete(findings.Take()));
        }

        var all = new List<Finding>();
        foreach (Finding[] found in totals.Findings.Values)
            all.AddRange(found);
        return new CheckBase(totals, CheckReport.Of(new VolumeView(totals, volume), all));
    }

    /// <summary>
    /// Judges a state: exactly the findings and the tree that a check of the whole state would give, at the cost of what
    /// <paramref name="changedRanges"/> touch.
    /// </summary>
    /// <param name="state">The state; undecided ranges are read only where a verdict needs them.</param>
    /// <param name="changedRanges">The ranges whose bytes may differ from the base's, in any order; they may overlap.</param>
    /// <exception cref="CorruptionException">The state has no superblock any more.</exception>
    /// <exception cref="FileSystemException">The state is an external journal.</exception>
    public CheckReport Judge(IByteSource state, ReadOnlySpan<ByteRange> changedRanges)
    {
        CheckReport? report = _totals is null ? null : Judgement.Judge(_totals, state, new ChangedRanges(changedRanges));
        return report ?? Build(state).Report;
    }
}
