namespace ExtShell.Check;

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>
    /// A total that the kernel recomputes silently at mount, stale after every crash; e2fsck corrects it and nothing is lost.
    /// </summary>
    Summary,

    /// <summary>e2fsck accepts it, or it belongs to recovery that has not run yet; the laboratory wants it known.</summary>
    Warning,

    /// <summary>The volume is damaged: <c>e2fsck -fn</c> reports a problem.</summary>
    Error,
}
