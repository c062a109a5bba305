using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <remarks>
/// A directory has two links, and one for the ".." of each directory in it. With dir_nlink one that has a hash tree may have more of them
/// than can be counted: it says 1 from then on, until it is removed (ext4 disk layout, "i_links_count").
/// </remarks>
public sealed partial class Namespace
{
    private const int UncountedLinks = 1;

    private void RequireRoomForSubdirectory(Inode directory, string operation, string path)
    {
        if (directory.LinksCount >= Inode.MaxLinks && !MayLoseCount(directory))
            throw Fail(Errno.EMLINK, operation, path, $"a directory has at most {Inode.MaxLinks - 2} others in it");
    }

    private void AddSubdirectory(Handle handle, Inode directory)
    {
        bool isLost = directory.LinksCount is UncountedLinks or Inode.MaxLinks && MayLoseCount(directory);
        directory.LinksCount = isLost ? UncountedLinks : directory.LinksCount + 1;
        directory.MarkDirty(handle);
    }

    private static void DropSubdirectory(Handle handle, Inode directory)
    {
        if (directory.LinksCount > 2)
            directory.LinksCount--;
        directory.MarkDirty(handle);
    }

    private bool MayLoseCount(Inode directory) =>
        _directories.IsHashTree(directory) && _context.SuperBlock.Value.Has(ReadOnlyCompatibleFeatures.DirectoryLinksUnlimited);
}
