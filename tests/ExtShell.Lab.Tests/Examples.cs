namespace ExtShell.Lab.Tests;

/// <summary>Where the repository's examples are.</summary>
internal static class Examples
{
    /// <summary>The folder.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryRoot(), "examples");

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ExtShell.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("the tests are not run from the repository");
    }
}
