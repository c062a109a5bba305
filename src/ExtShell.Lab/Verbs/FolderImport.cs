using ExtShell.Engine.Inodes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Lab.Verbs;

/// <summary>Copies a folder of the host into a volume.</summary>
/// <remarks>
/// (1) Regular files, directories and symbolic links are copied, in the order of their names so that the same folder gives the same volume;
/// links are not followed; devices, pipes and sockets are left out.
/// (2) A file or link of the volume with the same name is replaced; a directory is joined, and stays as it is. Stretches of zeroes become
/// holes.
/// (3) What is made gets the time of the last change and, from hosts that have them, the permissions; owner and group stay root's.
/// (4) Buffered writes: nothing is durable before a sync.
/// </remarks>
internal sealed class FolderImport(Volume volume, Action<string>? copying)
{
    private const int ChunkBytes = 1 << 20;

    private byte[] _chunk = [];
    private int _count;

    public static int Read(Volume volume, string folder, string into, Action<string>? copying)
    {
        if (!Directory.Exists(folder))
            throw new FileSystemException(Errno.ENOENT, $"import {folder}", "the host has no such folder");
        var import = new FolderImport(volume, copying);
        string inside = into == "/" ? "" : into.TrimEnd('/');
        import.RequireDirectory(inside);
        import.ReadFolder(new DirectoryInfo(folder), inside, isNew: false);
        return import._count;
    }

    private void ReadFolder(DirectoryInfo folder, string inside, bool isNew)
    {
        HashSet<string> there = isNew ? [] : [.. volume.ReadDirectory(inside.Length == 0 ? "/" : inside).Select(static item => item.Name)];
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos().OrderBy(static entry => entry.Name, StringComparer.Ordinal))
        {
            string path = $"{inside}/{entry.Name}";
            copying?.Invoke(path);
            InodeStatus? old = there.Contains(entry.Name) ? volume.Stat(path, followsLink: false) : null;
            if (entry.LinkTarget is { } target)
                ReadLink(entry, target, path, old);
            else if (entry is DirectoryInfo child)
                ReadDirectory(child, path, old);
            else if (entry is FileInfo file && (file.Attributes & FileAttributes.Device) == 0)
                ReadFile(file, path, old);
        }
    }

    private void RequireDirectory(string inside)
    {
        if (inside.Length == 0 || volume.Exists(inside))
            return;
        RequireDirectory(inside[..inside.LastIndexOf('/')]);
        volume.Mkdir(inside);
    }

    private void ReadDirectory(DirectoryInfo from, string path, InodeStatus? old)
    {
        if (old is null)
            volume.Mkdir(path);
        ReadFolder(from, path, isNew: old is null);
        if (old is null)
            SetAttributes(from, path);
    }

    private void ReadLink(FileSystemInfo from, string target, string path, InodeStatus? old)
    {
        if (old is not null)
            volume.Unlink(path); // (2)
        volume.Symlink(OperatingSystem.IsWindows() ? target.Replace('\\', '/') : target, path);
        volume.SetTimes(path, NewTime.Keep, TimeOf(from), followsLink: false);
        _count++;
    }

    private void ReadFile(FileInfo from, string path, InodeStatus? old)
    {
        if (old is { IsSymbolicLink: true })
            volume.Unlink(path); // (2)
        using (var stream = new FileStream(from.FullName, new FileStreamOptions { BufferSize = 0 }))
        using (FileHandle file = volume.Open(path, OpenOptions.Create | OpenOptions.Truncate))
        {
            int wantedBytes = (int)Math.Clamp(stream.Length, 1, ChunkBytes);
            if (_chunk.Length < wantedBytes)
                _chunk = new byte[wantedBytes];
            long at = 0;
            for (int read; (read = stream.ReadAtLeast(_chunk, _chunk.Length, throwOnEndOfStream: false)) > 0; at += read)
            {
                if (_chunk.AsSpan(0, read).ContainsAnyExcept((byte)0))
                    file.WriteBuffered(at, _chunk.AsMemory(0, read)); // (4)
            }

            file.Truncate(at);
        }

        SetAttributes(from, path); // (3)
        _count++;
    }

    private void SetAttributes(FileSystemInfo from, string path)
    {
        if (!OperatingSystem.IsWindows())
            volume.Chmod(path, (InodeMode)(int)from.UnixFileMode);
        volume.SetTimes(path, NewTime.Keep, TimeOf(from));
    }

    private static NewTime TimeOf(FileSystemInfo from) =>
        NewTime.At((from.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
}
