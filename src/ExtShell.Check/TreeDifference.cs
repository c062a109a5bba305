namespace ExtShell.Check;

/// <summary>An inode that is not as it was in the base: its facts, its names, or both.</summary>
/// <param name="Inode">The inode's number.</param>
/// <param name="Before">Its facts in the base; null if it was not in use.</param>
/// <param name="After">Its facts now; null if it is not in use.</param>
/// <param name="PathsBefore">Its paths in the base, in ordinal order.</param>
/// <param name="PathsAfter">Its paths now, in ordinal order.</param>
public sealed record TreeDifference(
    uint Inode, InodeFacts? Before, InodeFacts? After, IReadOnlyList<string> PathsBefore, IReadOnlyList<string> PathsAfter);
