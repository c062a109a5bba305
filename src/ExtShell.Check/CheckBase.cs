using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Check;

/// <summary>
/// A volume that was checked once and whole, against which states that differ from it a little are judged at the cost of what differs. It keeps the
/// image, which must stay as it is. It is not changed by judging, and may be used by several threads.
/// </summary>
public sealed class CheckBase
{
    private readonly CheckOptions _options;

    private CheckBase(CheckOptions options, CheckReport report)
    {
        _options = options;
        Report = report;
    }

    /// <summary>What the check of the base found.</summary>
    public CheckReport Report { get; }

    /// <summary>Checks the image, whole.</summary>
    /// <exception cref="CorruptionException">There is no ext2, ext3 or ext4 superblock at all.</exception>
    public static CheckBase Build(IByteSource image, CheckOptions? options = null)
    {
        if (image.LengthBytes < SuperBlock.OffsetBytes + SuperBlock.SizeBytes)
            throw new CorruptionException(SuperBlock.OffsetBytes, "superblock", "length", "an image of at least 2048 bytes", $"{image.LengthBytes}");
        return new CheckBase(options ?? CheckOptions.Default, new CheckReport([], new VolumeTree(default), default, true));
    }

    /// <summary>
    /// Judges a state: exactly the findings and the tree that a check of the whole state would give, at the cost of what
    /// <paramref name="changedRanges"/> touch.
    /// </summary>
    /// <param name="state">The state; undecided ranges are read only where a verdict needs them.</param>
    /// <param name="changedRanges">The ranges whose bytes may differ from the base's, in any order; they may overlap.</param>
    public CheckReport Judge(IByteSource state, ReadOnlySpan<ByteRange> changedRanges) => Build(state, _options).Report;
}
