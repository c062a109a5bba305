namespace ExtShell.TestTools;

/// <summary>A folder that is gone when the test is.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private const string MemoryFolder = "/dev/shm";

    /// <summary>Makes it.</summary>
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("extshell-").FullName;

    private TemporaryFolder(string path) => Path = Directory.CreateDirectory(path).FullName;

    /// <summary>Makes it in memory (tmpfs) where there is such a place.</summary>
    public static TemporaryFolder InMemory() => Directory.Exists(MemoryFolder)
        ? new TemporaryFolder(System.IO.Path.Combine(MemoryFolder, "extshell-" + System.IO.Path.GetRandomFileName()))
        : new TemporaryFolder();

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>A path inside it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, true);
}
