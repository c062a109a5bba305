using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>
/// Follows a path through directories and symbolic links, as <c>path_resolution(7)</c> has it. The working directory is the root.
/// </summary>
/// <remarks>
/// (1) Nothing here waits, so nothing that it passes can change or go while it walks; it takes no references.
/// (2) A link's path replaces the link in what is left of the path. At most <see cref="MaxLinks"/> links are followed.
/// (3) A part of the path is looked up only in a directory, and only if it is no longer than a name can be.
/// </remarks>
internal sealed class PathWalk(InodeTable inodes, Directories directories, SymbolicLinks links)
{
    /// <summary>How many symbolic links one path may lead through.</summary>
    public const int MaxLinks = 40;

    /// <summary>Walks a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followLast">Whether a link at its end is followed. One with a slash behind it always is.</param>
    /// <param name="operation">What for, in errors.</param>
    /// <param name="caller">Who walks: each directory must let it through.</param>
    /// <exception cref="FileSystemException">ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP, EACCES.</exception>
    public PathEnd Walk(string path, bool followLast, string operation, Caller caller = default)
    {
        ReadOnlyMemory<byte> rest = FileName.Encode(path);
        if (rest.Length == 0)
            throw Fail(Errno.ENOENT, operation, path, "the path is empty");
        if (rest.Length > FileName.MaxPathLengthBytes)
            throw Fail(Errno.ENAMETOOLONG, operation, path, $"the path is longer than {FileName.MaxPathLengthBytes} bytes");
        uint directory = InodeNumbers.Root;
        int followed = 0;
        while (true)
        {
            (Range part, Range behind, bool hasSlash) = Split(rest.Span);
            ReadOnlySpan<byte> name = rest.Span[part];
            if (name.IsEmpty)
                return new PathEnd(directory, PathEndKind.Directory, [], directory, hasSlash);
            bool isLast = rest.Span[behind].IsEmpty;
            (uint target, PathEndKind kind) = Step(directory, name, operation, path, caller);
            if (target != 0 && kind == PathEndKind.Name && ReadLink(target, !isLast || followLast || hasSlash) is { } link)
            {
                if (++followed > MaxLinks) // (2)
                    throw Fail(Errno.ELOOP, operation, path, $"it leads through more than {MaxLinks} symbolic links");
                if (link is [(byte)'/', ..])
                    directory = InodeNumbers.Root;
                rest = isLast && !hasSlash ? link : Join(link, rest.Span[behind]);
                continue;
            }

            if (isLast)
            {
                if (hasSlash && target != 0 && !IsDirectory(target))
                    throw Fail(Errno.ENOTDIR, operation, path, "it ends with a slash, but is no directory");
                return new PathEnd(directory, kind, kind == PathEndKind.Name ? name.ToArray() : [], target, hasSlash);
            }

            if (target == 0)
                throw Fail(Errno.ENOENT, operation, path, $"there is no \"{FileName.Decode(name)}\"");
            directory = target;
            rest = rest[behind];
        }
    }

    private static byte[] Join(ReadOnlySpan<byte> link, ReadOnlySpan<byte> rest) => [.. link, (byte)'/', .. rest];

    /// <summary>The first part of a path, what is behind it and its slashes, and whether there were any.</summary>
    private static (Range Part, Range Behind, bool HasSlash) Split(ReadOnlySpan<byte> path)
    {
        int begin = path.IndexOfAnyExcept((byte)'/');
        if (begin < 0)
            return (path.Length..path.Length, path.Length..path.Length, !path.IsEmpty);
        int length = path[begin..].IndexOf((byte)'/');
        if (length < 0)
            return (begin..path.Length, path.Length..path.Length, false);
        int end = begin + length;
        int next = path[end..].IndexOfAnyExcept((byte)'/');
        return (begin..end, (next < 0 ? path.Length : end + next)..path.Length, true);
    }

    private (uint Target, PathEndKind Kind) Step(uint directory, ReadOnlySpan<byte> name, string operation, string path, Caller caller)
    {
        Inode inode = inodes.Peek(directory);
        if (!inode.IsDirectory) // (3)
            throw Fail(Errno.ENOTDIR, operation, path, $"what is before \"{FileName.Decode(name)}\" is no directory");
        caller.Require(inode, InodeMode.OtherExecute, operation, path);
        if (name.Length > DirectoryEntry.MaxNameLengthBytes)
            throw Fail(Errno.ENAMETOOLONG, operation, path, "a part of it is longer than 255 bytes");
        if (name.SequenceEqual("."u8))
            return (directory, PathEndKind.Dot);
        if (name.SequenceEqual(".."u8))
            return (directory == InodeNumbers.Root ? directory : directories.Parent(inode), PathEndKind.DotDot);
        return (directories.Lookup(inode, name), PathEndKind.Name);
    }

    private byte[]? ReadLink(uint number, bool follows)
    {
        if (!follows)
            return null;
        Inode inode = inodes.Peek(number);
        return inode.IsSymbolicLink ? links.Read(inode) : null;
    }

    private bool IsDirectory(uint number) => inodes.Peek(number).IsDirectory;

    private static FileSystemException Fail(Errno errno, string operation, string path, string why) =>
        new(errno, $"{operation} {path}", why);
}
