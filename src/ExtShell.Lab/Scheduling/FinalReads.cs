using ExtShell.Engine.Volumes;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// Reads, when all is over, every file that a scenario names or has open, buffered and then direct, from its begin to behind its
/// end.
/// </summary>
internal static class FinalReads
{
    private const int BehindEndBytes = 4096;
    private const long MostBytes = 4 << 20;

    /// <summary>The paths that a scenario's operations name.</summary>
    public static IReadOnlyList<string> PathsOf(Scenario scenario)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Operation operation in scenario.Setup.Concat(scenario.Threads.SelectMany(thread => thread)))
        {
            paths.Add(operation.Path);
            paths.Add(operation.NewPath);
        }

        paths.Remove("");
        return [.. paths];
    }

    /// <summary>Reads them. Bytes past the first 4 MiB of a file are left out.</summary>
    public static void Run(ScenarioMachine machine, IReadOnlyList<string> paths, byte[] buffer)
    {
        Volume volume = machine.Volume;
        if (!volume.IsMounted || volume.IsShutDown)
            return;
        var read = new HashSet<uint>();
        foreach (string path in paths)
        {
            if (!volume.Exists(path) || volume.Stat(path) is not { IsRegularFile: true } status || !read.Add(status.Inode))
                continue;
            using FileHandle file = volume.Open(path, OpenOptions.ReadOnly);
            Read(file, status.SizeBytes, buffer);
        }

        foreach (FileHandle file in machine.Files.Values.OrderBy(file => file.Number))
        {
            if (file.IsOpen && file.Stat() is { IsRegularFile: true } status && read.Add(status.Inode))
                Read(file, status.SizeBytes, buffer);
        }
    }

    private static void Read(FileHandle file, long sizeBytes, byte[] buffer)
    {
        int length = (int)Math.Min(((sizeBytes + BehindEndBytes - 1) & -BehindEndBytes) + BehindEndBytes, MostBytes);
        Memory<byte> into = length <= buffer.Length ? buffer.AsMemory(0, length) : new byte[length];
        file.ReadBuffered(0, into);
        file.ReadDirect(0, into);
    }
}
