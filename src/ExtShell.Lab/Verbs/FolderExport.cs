using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Verbs;

/// <summary>Copies a volume's tree to the host.</summary>
/// <remarks>
/// (1) Nothing is written outside the folder: a name that the host would take as a way out, or that it cannot have, is an error that names
/// it, and so is a symbolic link of the host in the place of what is to be written.
/// (2) Regular files and directories are copied; other kinds, symbolic links among them, are left out. Holes become holes where the host's
/// files are sparse.
/// </remarks>
internal static class FolderExport
{
    private const int ChunkBytes = 1 << 20;

    public static int Write(Volume volume, string folder)
    {
        Directory.CreateDirectory(folder);
        return WriteDirectory(volume, "/", folder);
    }

    private static int WriteDirectory(Volume volume, string path, string folder)
    {
        int count = 0;
        foreach (DirectoryItem item in volume.ReadDirectory(path))
        {
            RequireName(item.Name);
            string inside = path == "/" ? "/" + item.Name : path + "/" + item.Name;
            string outside = Path.Combine(folder, item.Name);
            RequireNoLink(outside);
            InodeStatus status = volume.Stat(inside, followsLink: false); // (2)
            if (status.IsDirectory)
            {
                Directory.CreateDirectory(outside);
                count += WriteDirectory(volume, inside, outside);
            }
            else if (status.IsRegularFile)
            {
                WriteFile(volume, inside, outside, status.SizeBytes);
                count++;
            }
        }

        return count;
    }

    private static void WriteFile(Volume volume, string inside, string outside, long sizeBytes)
    {
        using FileHandle file = volume.Open(inside, OpenOptions.ReadOnly);
        using var stream = new FileStream(outside, FileMode.Create, FileAccess.Write);
        stream.SetLength(sizeBytes);
        for (long at = 0; at < sizeBytes; at += ChunkBytes)
        {
            byte[] bytes = file.ReadBuffered(at, (int)Math.Min(ChunkBytes, sizeBytes - at));
            if (!bytes.AsSpan().ContainsAnyExcept((byte)0))
                continue; // (2)
            stream.Position = at;
            stream.Write(bytes);
        }
    }

    private static void RequireNoLink(string outside) // (1)
    {
        if (new FileInfo(outside).LinkTarget is { } target)
            throw new FileSystemException(Errno.EEXIST, $"export to {outside}", $"a symbolic link to {target} is there");
    }

    private static void RequireName(string name) // (1)
    {
        if (name is "" or "." or ".." || name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0
            || name.Contains('\\', StringComparison.Ordinal) && OperatingSystem.IsWindows())
            throw new FileSystemException(Errno.EINVAL, $"export '{name}'", "the host cannot have a file of that name");
    }
}
