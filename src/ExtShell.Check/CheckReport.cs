namespace ExtShell.Check;

/// <summary>What a check says of one image.</summary>
public sealed class CheckReport
{
    internal CheckReport(IReadOnlyList<Finding> findings, VolumeTree tree, CheckSummary summary, bool isComplete)
    {
        Findings = findings;
        Tree = tree;
        Summary = summary;
        IsComplete = isComplete;
    }

    /// <summary>Whether there is no finding of severity <see cref="FindingSeverity.Error"/>.</summary>
    public bool IsClean => Summary.Errors == 0;

    /// <summary>Whether everything could be looked at; false where damage to the superblock or the group descriptors ended the check.</summary>
    public bool IsComplete { get; }

    /// <summary>What was found, in an order that depends on the image alone.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>The files of the volume as far as they could be read.</summary>
    public VolumeTree Tree { get; }

    /// <summary>Totals.</summary>
    public CheckSummary Summary { get; }
}
