namespace ExtShell.Check;

/// <summary>A name in the tree. A file with several names is listed once for each.</summary>
/// <param name="Path">The path from the root, such as <c>/logs/a</c>; bytes that are not UTF-8 are shown as U+DC80 to U+DCFF.</param>
/// <param name="Inode">What it leads to.</param>
public sealed record TreeFile(string Path, InodeFacts Inode);
