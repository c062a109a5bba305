namespace ExtShell.Check;

/// <summary>Totals of what a check has seen.</summary>
/// <param name="InodesInUse">Inodes in use, the reserved ones included.</param>
/// <param name="Directories">Directories among them.</param>
/// <param name="BlocksClaimed">Blocks that somebody owns: files, their trees, and the file system's own.</param>
/// <param name="Errors">Findings of severity <see cref="FindingSeverity.Error"/>.</param>
/// <param name="Warnings">Findings of severity <see cref="FindingSeverity.Warning"/>.</param>
/// <param name="Summaries">Findings of severity <see cref="FindingSeverity.Summary"/>.</param>
public readonly record struct CheckSummary(long InodesInUse, long Directories, long BlocksClaimed, int Errors, int Warnings, int Summaries);
