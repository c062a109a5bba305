using ExtShell.Engine.Journal;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.Sources;

namespace ExtShell.Lab.Looking;

/// <summary>Looking at a mounted volume: nothing is changed, and no call is recorded but opening and closing a file.</summary>
public static class LookingVerbs
{
    extension(Volume volume)
    {
        /// <summary>The inode at a path; a symbolic link itself, not where it leads.</summary>
        /// <exception cref="FileSystemException">ENOENT: nothing is there.</exception>
        public InodeView GetInode(string path) => InodeView.Of(volume, volume.Stat(path, followsLink: false).Inode, path);

        /// <summary>The inode of a number, in use or not.</summary>
        /// <exception cref="FileSystemException">ENOENT: the volume has no such number.</exception>
        public InodeView GetInode(uint number) => InodeView.Of(volume, number, "");

        /// <summary>The superblock, as the buffer cache holds it.</summary>
        public SuperBlockView GetSuperBlock() => SuperBlockView.Of(volume.Context.Buffers);

        /// <summary>What the journal holds on the device now.</summary>
        /// <exception cref="FileSystemException">EINVAL: the volume has no journal.</exception>
        public JournalSurvey GetJournal() => Survey(volume.Device.Content);

        /// <summary>The inodes that recovery would have to truncate or to delete.</summary>
        public IReadOnlyList<InodeView> GetOrphans() =>
            [.. volume.Inodes.Live().Where(static inode => inode.IsOrphan).Select(inode => InodeView.Of(volume, inode.Number, ""))];

        /// <summary>A block: what it is for, whose it is, what it holds.</summary>
        /// <exception cref="FileSystemException">EINVAL: the volume has no such block.</exception>
        public BlockView GetBlock(long number) => BlockView.Of(volume, number);

        /// <summary>Where the bytes of a file came from, stretch by stretch, as the write log knows it.</summary>
        /// <param name="path">The file.</param>
        /// <param name="offsetBytes">Where in the file.</param>
        /// <param name="lengthBytes">How much.</param>
        public IReadOnlyList<ByteOrigin> GetProvenance(string path, long offsetBytes = 0, long lengthBytes = long.MaxValue) =>
            ByteOrigin.Of(volume, path, offsetBytes, Math.Min(lengthBytes, long.MaxValue - offsetBytes));
    }

    /// <summary>What the journal of an image holds.</summary>
    internal static JournalSurvey Survey(IByteSource image) => VolumeRecovery.LocateJournal(image) is { } journal
        ? JournalSurvey.Read(image, journal)
        : throw new FileSystemException(Errno.EINVAL, "look at the journal", "the volume has none");
}
