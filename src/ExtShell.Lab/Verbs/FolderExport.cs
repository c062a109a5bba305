using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Lab.Verbs;

/// <summary>Copies a volume's tree to the host.</summary>
/// <remarks>
/// (1) Nothing is written outside the folder: a name that the host would take as a way out, or that it cannot have, is an error that names
/// it, and so is a symbolic link of the host in the place of what is to be written.
/// (2) Regular files, directories and symbolic links are copied, links as links; other kinds are left out. Holes become holes where the
/// host's files are sparse.
/// (3) Files and directories get the time of the last change and, on hosts that have them, the permissions: without set-ID bits, which
/// would give away the rights of whoever exports. Owner and group are not copied.
/// </remarks>
internal sealed class FolderExport(Volume volume, Action<string>? copying)
{
    private const int ChunkBytes = 1 << 20;
    private const InodeMode Copied = (InodeMode)0x1FF; // (3)

    private int _count;

    public static int Write(Volume volume, string folder, Action<string>? copying)
    {
        Directory.CreateDirectory(folder);
        var export = new FolderExport(volume, copying);
        export.WriteDirectory("/", folder);
        return export._count;
    }

    private void WriteDirectory(string path, string folder)
    {
        foreach (DirectoryItem item in volume.ReadDirectory(path))
        {
            RequireName(item.Name);
            string inside = path == "/" ? "/" + item.Name : path + "/" + item.Name;
            string outside = Path.Combine(folder, item.Name);
            copying?.Invoke(inside);
            InodeStatus status = volume.Stat(inside, followsLink: false); // (2)
            if (status.IsSymbolicLink)
            {
                WriteLink(inside, outside);
                continue;
            }

            RequireNoLink(outside);
            if (status.IsDirectory)
            {
                Directory.CreateDirectory(outside);
                WriteDirectory(inside, outside);
                SetAttributes(new DirectoryInfo(outside), status);
            }
            else if (status.IsRegularFile)
            {
                WriteFile(inside, outside, status.SizeBytes);
                SetAttributes(new FileInfo(outside), status);
                _count++;
            }
        }
    }

    private void WriteFile(string inside, string outside, long sizeBytes)
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

    private void WriteLink(string inside, string outside)
    {
        string target = volume.ReadLink(inside);
        if (new FileInfo(outside).LinkTarget != target)
        {
            RequireNoLink(outside);
            File.CreateSymbolicLink(outside, target);
        }

        _count++;
    }

    private static void SetAttributes(FileSystemInfo made, InodeStatus status)
    {
        made.LastWriteTimeUtc = DateTime.UnixEpoch + TimeSpan.FromTicks(status.ModifiedUnixNanoseconds / TimeSpan.NanosecondsPerTick);
        if (!OperatingSystem.IsWindows())
            made.UnixFileMode = (UnixFileMode)(int)(status.Mode & Copied); // (3)
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
