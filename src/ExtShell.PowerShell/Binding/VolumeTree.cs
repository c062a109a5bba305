using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.PowerShell.Binding;

/// <summary>What is done to a directory with all that is in it.</summary>
internal static class VolumeTree
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Removes what is at a path; a directory with all that is in it.</summary>
    public static void Remove(Volume volume, string path)
    {
        if (!volume.Stat(path, followsLink: false).IsDirectory)
        {
            volume.Unlink(path);
            return;
        }

        foreach (DirectoryItem item in volume.ReadDirectory(path))
            Remove(volume, $"{path.TrimEnd('/')}/{item.Name}");
        volume.Rmdir(path);
    }

    /// <summary>
    /// Copies a file, or a directory: with what is in it, if <paramref name="recurses"/>. Symbolic links in it stay links.
    /// </summary>
    public static void Copy(Volume source, string from, Volume target, string to, bool recurses)
    {
        if (!source.Stat(from).IsDirectory)
        {
            CopyFile(source, from, target, to);
            return;
        }

        if (source == target && (to + "/").StartsWith(from.TrimEnd('/') + "/", StringComparison.Ordinal))
            throw new FileSystemException(Errno.EINVAL, $"copy {from} to {to}", "a directory cannot be copied into itself");
        if (!target.Exists(to))
            target.Mkdir(to);
        if (!recurses)
            return;
        foreach (DirectoryItem item in source.ReadDirectory(from))
        {
            string child = $"{from.TrimEnd('/')}/{item.Name}", copy = $"{to}/{item.Name}";
            if (source.Stat(child, followsLink: false).IsSymbolicLink)
                CopyLink(source, child, target, copy);
            else
                Copy(source, child, target, copy, recurses);
        }
    }

    private static void CopyLink(Volume source, string from, Volume target, string to)
    {
        if (target.ReadDirectory(to[..to.LastIndexOf('/')]).Any(known => known.Name == to[(to.LastIndexOf('/') + 1)..]))
            target.Unlink(to);
        target.Symlink(source.ReadLink(from), to);
    }

    private static void CopyFile(Volume source, string from, Volume target, string to)
    {
        if (source == target && target.Exists(to) && source.Stat(from).Inode == target.Stat(to).Inode)
            throw new FileSystemException(Errno.EINVAL, $"copy {from} to {to}", "they are the same file");
        using FileHandle reading = source.Open(from, OpenOptions.ReadOnly);
        using FileHandle writing = target.Open(to, OpenOptions.Create | OpenOptions.Truncate);
        long size = reading.Stat().SizeBytes;
        for (long at = 0; at < size; at += ChunkBytes)
        {
            byte[] bytes = reading.ReadBuffered(at, (int)Math.Min(ChunkBytes, size - at));
            if (bytes.AsSpan().ContainsAnyExcept((byte)0))
                writing.WriteBuffered(at, bytes);
        }

        writing.Truncate(size);
    }
}
