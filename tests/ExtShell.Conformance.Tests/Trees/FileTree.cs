namespace ExtShell.Conformance.Tests.Trees;

/// <summary>All names of a volume, as one implementation sees them.</summary>
internal sealed class FileTree(IEnumerable<FileFacts> files)
{
    /// <summary>One line for each name, in ordinal order of the paths.</summary>
    public string[] Lines { get; } = [.. files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => file.ToString())];

    /// <summary>Fails unless both are the same, and shows the lines that are not.</summary>
    public static void AssertSame(FileTree expected, FileTree actual, string who)
    {
        string[] missing = [.. expected.Lines.Except(actual.Lines).Select(line => "  expected " + line)];
        string[] extra = [.. actual.Lines.Except(expected.Lines).Select(line => "  found    " + line)];
        Assert.True(missing.Length + extra.Length == 0, $"{who}:\n{string.Join('\n', missing.Concat(extra).Take(20))}");
    }
}
