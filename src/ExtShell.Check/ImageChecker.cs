using ExtShell.Format.Sources;

namespace ExtShell.Check;

/// <summary>Checks a whole image.</summary>
/// <remarks>
/// Verdicts follow <c>e2fsck -fn</c> of e2fsprogs 1.47.0: what it asks about is an error here (or, of the superblock's totals, a summary),
/// and what it accepts is none. Exceptions, each with its reason:
/// (1) The list of orphans is read, though -n does not process it: its inodes are legal and in use (warning OrphansPending), and what is
/// wrong with the list is an error, as for -y.
/// (2) A node's eh_depth, and s_first of an empty journal: e2fsck does not look, the kernel refuses them.
/// (3) The metadata of groups without a block bitmap must be marked where another group's bitmap covers it: e2fsck marks it silently.
/// (4) A quota file named without quota, and the Hurd as creator, are errors always: e2fsck finds them where they get in its way.
/// (5) There is no clock: times in the future, and checks that are due, are not found.
/// (6) Warnings of the laboratory: unwritten blocks past the end, a written block that begins exactly at the end, a journal to replay.
/// (7) A superblock or group descriptor that cannot be used is final: e2fsck would go on with a copy.
/// (8) What is only read: quota usage, ea_inode values, encrypted and case-folded names, clusters of several blocks, verity trees, MMP. A
/// volume with such a feature has the warning FeatureNotChecked. Copies of superblock and descriptors are not looked at by either.
/// </remarks>
public static class ImageChecker
{
    /// <summary>
    /// Checks the image as it stands: the journal is not replayed, orphans are not deleted. It never throws for a damaged image.
    /// </summary>
    /// <exception cref="ExtShell.Format.Errors.CorruptionException">There is no ext2, ext3 or ext4 superblock at all.</exception>
    /// <exception cref="ExtShell.Format.Errors.FileSystemException">The image is an external journal.</exception>
    public static CheckReport Check(IByteSource image) => CheckBase.Build(image).Report;
}
