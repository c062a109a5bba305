using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;

namespace ExtShell.Engine.Inodes;

public sealed partial class Namespace
{
    private sealed class Renaming
    {
        public required string From { get; init; }

        public required string To { get; init; }

        public required PathEnd Source { get; init; }

        public required PathEnd Place { get; init; }

        public required Inode OldDirectory { get; init; }

        public required Inode NewDirectory { get; init; }

        public Inode? Moved { get; set; }

        public Inode? Replaced { get; set; }

        public bool IsAcross => OldDirectory != NewDirectory;
    }

    /// <summary>
    /// Moves a name: after a crash either the old or the new one is there, and what had the new name is there or replaced, whole.
    /// </summary>
    /// <exception cref="FileSystemException">
    /// ENOENT, EEXIST, ENOTEMPTY, EISDIR, ENOTDIR, EINVAL (a directory into itself), EBUSY ("." and ".."), EMLINK, ENOSPC, ….
    /// </exception>
    public async ValueTask RenameAsync(string from, string to, RenameOptions options = RenameOptions.None)
    {
        PathEnd source = _walk.Walk(from, followLast: false, "rename");
        PathEnd place = _walk.Walk(to, followLast: false, "rename");
        if (source.Kind != PathEndKind.Name || place.Kind != PathEndKind.Name)
            throw Fail(Errno.EBUSY, "rename", source.Kind != PathEndKind.Name ? from : to, "it does not end with a name");
        var renaming = new Renaming
        {
            From = from,
            To = to,
            Source = source,
            Place = place,
            OldDirectory = _inodes.Get(source.Directory),
            NewDirectory = _inodes.Get(place.Directory),
        };
        try
        {
            await _renameLock.LockAsync();
            try
            {
                await LockBothAsync(renaming);
                try
                {
                    await RenameLockedAsync(renaming, options);
                }
                finally
                {
                    UnlockBoth(renaming);
                }
            }
            finally
            {
                _renameLock.Unlock();
            }
        }
        finally
        {
            if (renaming.Replaced is not null)
                await _inodes.ReleaseAsync(renaming.Replaced);
            if (renaming.Moved is not null)
                await _inodes.ReleaseAsync(renaming.Moved);
            await _inodes.ReleaseAsync(renaming.NewDirectory);
            await _inodes.ReleaseAsync(renaming.OldDirectory);
        }
    }

    /// <summary>
    /// The directory above the other first; of two that have nothing to do with each other the one with the smaller number.
    /// </summary>
    private async ValueTask LockBothAsync(Renaming renaming)
    {
        (Inode first, Inode second) = (renaming.OldDirectory, renaming.NewDirectory);
        RequireAlive(renaming);
        bool swaps = renaming.IsAcross
            && (IsInside(first, second.Number) || (!IsInside(second, first.Number) && second.Number < first.Number));
        if (swaps)
            (first, second) = (second, first);
        await first.Lock.LockExclusiveAsync();
        if (renaming.IsAcross)
            await second.Lock.LockExclusiveAsync();
    }

    private static void UnlockBoth(Renaming renaming)
    {
        if (renaming.IsAcross)
            renaming.NewDirectory.Lock.UnlockExclusive();
        renaming.OldDirectory.Lock.UnlockExclusive();
    }

    private async ValueTask RenameLockedAsync(Renaming renaming, RenameOptions options)
    {
        Find(renaming, options);
        if (renaming.Replaced == renaming.Moved)
            return;
        Check(renaming);
        (Inode? first, Inode? second) = InLockOrder(renaming.Moved!, renaming.Replaced);
        await first.Lock.LockExclusiveAsync();
        if (second is not null)
            await second.Lock.LockExclusiveAsync();
        try
        {
            int credits = _directories.CreditsToAdd(renaming.NewDirectory) + (2 * Directories.CreditsToRemove) + 4
                + _inodes.Orphans.CreditsToAdd;
            Handle handle = await _context.Journal.StartAsync(credits, "rename");
            try
            {
                Rename(handle, renaming);
            }
            finally
            {
                await handle.StopAsync();
            }
        }
        finally
        {
            second?.Lock.UnlockExclusive();
            first.Lock.UnlockExclusive();
        }
    }

    private static void RequireAlive(Renaming renaming)
    {
        if (renaming.OldDirectory.LinksCount == 0 || renaming.NewDirectory.LinksCount == 0)
            throw Fail(Errno.ENOENT, "rename", renaming.From, "a directory was removed");
    }

    private void Find(Renaming renaming, RenameOptions options)
    {
        RequireAlive(renaming);
        renaming.Moved = GetExisting(renaming.OldDirectory, renaming.Source, "rename", renaming.From);
        uint replaced = _directories.Lookup(renaming.NewDirectory, renaming.Place.Name);
        if (replaced != 0 && (options & RenameOptions.NoReplace) != 0)
            throw Fail(Errno.EEXIST, "rename", renaming.To, "it is there already");
        if (!renaming.Moved.IsDirectory && (renaming.Source.HasSlash || renaming.Place.HasSlash))
            throw Fail(Errno.ENOTDIR, "rename", renaming.From, "a path ends with a slash, but the file is no directory");
        if (IsInside(renaming.NewDirectory, renaming.Moved.Number))
            throw Fail(Errno.EINVAL, "rename", renaming.From, "a directory cannot be moved into itself");
        if (replaced != 0 && IsInside(renaming.OldDirectory, replaced))
            throw Fail(Errno.ENOTEMPTY, "rename", renaming.To, "it is not empty");
        renaming.Replaced = replaced == 0 ? null : _inodes.Get(replaced);
    }

    private void Check(Renaming renaming)
    {
        (Inode moved, Inode? replaced) = (renaming.Moved!, renaming.Replaced);
        RequireRemovable(renaming.OldDirectory, moved, "rename", renaming.From);
        RequireChangeable(renaming.NewDirectory, "rename", renaming.To);
        if (replaced is not null)
            RequireRemovable(renaming.NewDirectory, replaced, "rename", renaming.To);
        if (replaced is not null && moved.IsDirectory && !replaced.IsDirectory)
            throw Fail(Errno.ENOTDIR, "rename", renaming.To, "a directory replaces directories only");
        if (replaced is not null && !moved.IsDirectory && replaced.IsDirectory)
            throw Fail(Errno.EISDIR, "rename", renaming.To, "it is a directory");
        if (replaced is { IsDirectory: true } && !_directories.IsEmpty(replaced))
            throw Fail(Errno.ENOTEMPTY, "rename", renaming.To, "it is not empty");
        if (!moved.IsDirectory || !renaming.IsAcross)
            return;
        Directories.RequireWritable(moved, "rename");
        if (replaced is null)
            RequireRoomForSubdirectory(renaming.NewDirectory, "rename", renaming.To);
    }

    private void Rename(Handle handle, Renaming renaming)
    {
        (Inode moved, Inode? replaced) = (renaming.Moved!, renaming.Replaced);
        if (replaced is null)
            _directories.Add(handle, renaming.NewDirectory, renaming.Place.Name, moved.Number, moved.Mode);
        else
            _directories.Replace(handle, renaming.NewDirectory, renaming.Place.Name, moved.Number, moved.Mode);
        _directories.Remove(handle, renaming.OldDirectory, renaming.Source.Name);
        if (moved.IsDirectory)
            MoveDirectory(handle, renaming);
        moved.ChangeTime = moved.Now();
        moved.MarkDirty(handle);
        if (replaced is { IsDirectory: true })
            Unname(handle, replaced);
        else if (replaced is not null)
            DropName(handle, replaced);
    }

    /// <summary>The links of the directories: what moved takes its ".." along; what was replaced takes its own away.</summary>
    private void MoveDirectory(Handle handle, Renaming renaming)
    {
        if (renaming.IsAcross)
            _directories.Replace(handle, renaming.Moved!, ".."u8, renaming.NewDirectory.Number, renaming.NewDirectory.Mode);
        bool newDirectoryGains = renaming.IsAcross && renaming.Replaced is null;
        bool oldDirectoryLoses = renaming.IsAcross || renaming.Replaced is not null;
        if (oldDirectoryLoses)
            DropSubdirectory(handle, renaming.OldDirectory);
        if (newDirectoryGains)
            AddSubdirectory(handle, renaming.NewDirectory);
    }

    /// <summary>Directories before files, then by number.</summary>
    private static (Inode First, Inode? Second) InLockOrder(Inode moved, Inode? replaced)
    {
        if (replaced is null)
            return (moved, null);
        bool isInOrder = moved.IsDirectory == replaced.IsDirectory ? moved.Number < replaced.Number : moved.IsDirectory;
        return isInOrder ? (moved, replaced) : (replaced, moved);
    }

    /// <summary>Whether <paramref name="directory"/> is the directory of that number, or lies below it.</summary>
    /// <exception cref="CorruptionException">Its parents go in a circle.</exception>
    private bool IsInside(Inode directory, uint number)
    {
        var seen = new HashSet<uint>();
        for (Inode at = directory; ; at = _inodes.Peek(_directories.Parent(at)))
        {
            if (at.Number == number)
                return true;
            if (at.Number == InodeNumbers.Root)
                return false;
            if (!at.IsDirectory || !seen.Add(at.Number))
                throw new CorruptionException(at.ImageOffsetBytes, at.ToString(), "..", "a way up to the root", "none");
        }
    }
}
