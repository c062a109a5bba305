using ExtShell.Format.Sources;

namespace ExtShell.Check;

/// <summary>Checks a whole image.</summary>
public static class ImageChecker
{
    /// <summary>Checks the image as it stands: the journal is not replayed, orphans are not deleted. It never throws for a damaged image.</summary>
    /// <exception cref="ExtShell.Format.Errors.CorruptionException">There is no ext2, ext3 or ext4 superblock at all.</exception>
    public static CheckReport Check(IByteSource image, CheckOptions? options = null) => CheckBase.Build(image, options).Report;
}
