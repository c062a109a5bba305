using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Verbs;

/// <summary>Copies a folder of the host into a volume.</summary>
/// <remarks>
/// (1) Regular files and directories are copied, in the order of their names so that the same folder gives the same volume; symbolic links
/// are not followed and not copied, nor are devices and pipes.
/// (2) A file of the volume with the same name is replaced; a directory is joined. Stretches of zeroes become holes.
/// (3) Buffered writes: nothing is durable before a sync.
/// </remarks>
internal static class FolderImport
{
    private const int ChunkBytes = 1 << 20;

    public static int Read(Volume volume, string folder, string into)
    {
        if (!Directory.Exists(folder))
            throw new FileSystemException(Errno.ENOENT, $"import {folder}", "the host has no such folder");
        return ReadFolder(volume, new DirectoryInfo(folder), into == "/" ? "" : into.TrimEnd('/'));
    }

    private static int ReadFolder(Volume volume, DirectoryInfo folder, string inside)
    {
        int count = 0;
        RequireDirectory(volume, inside);
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos().OrderBy(static entry => entry.Name, StringComparer.Ordinal))
        {
            string path = $"{inside}/{entry.Name}";
            if (entry.LinkTarget is not null) // (1)
                continue;
            if (entry is DirectoryInfo child)
                count += ReadFolder(volume, child, path);
            else if (entry is FileInfo file && (file.Attributes & FileAttributes.Device) == 0)
                count += ReadFile(volume, file, path);
        }

        return count;
    }

    private static void RequireDirectory(Volume volume, string inside)
    {
        if (inside.Length == 0 || volume.Exists(inside))
            return;
        RequireDirectory(volume, inside[..inside.LastIndexOf('/')]);
        volume.Mkdir(inside);
    }

    private static int ReadFile(Volume volume, FileInfo from, string path)
    {
        using FileStream stream = from.OpenRead();
        using FileHandle file = volume.Open(path, OpenOptions.Create | OpenOptions.Truncate); // (2)
        var bytes = new byte[ChunkBytes];
        long at = 0;
        for (int read; (read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)) > 0; at += read)
        {
            if (bytes.AsSpan(0, read).ContainsAnyExcept((byte)0))
                file.WriteBuffered(at, bytes.AsSpan(0, read).ToArray()); // (3)
        }

        file.Truncate(at);
        return 1;
    }
}
