using ExtShell.Format.Checksums;

namespace ExtShell.Format.Sources;

/// <summary>
/// The bytes of an image, as every reader (mount, recovery, checker, tree walk) sees them. The image may be partly undecided:
/// after a power cut a range may hold any of several versions. Reading such a range decides it, once for each path of the exploration;
/// so a reader asks for the range that it interprets, never for the block around it. On a decided image a read is a plain span.
/// </summary>
/// <remarks>
/// Invariants.
/// (1) What was read once on a path reads the same ever after on that path, until it is written.
/// (2) A span is valid until the source is next written; it never lives across an await.
/// (3) After <see cref="TryReadVerified"/> said no, the range that it verified may not be interpreted.
/// </remarks>
public interface IByteSource
{
    /// <summary>The length of the image in bytes.</summary>
    long LengthBytes { get; }

    /// <summary>The bytes of the range; decides them where they are undecided.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the image.</exception>
    ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes);

    /// <summary>Whether the range holds one version only, so that reading it decides nothing.</summary>
    bool IsDecided(long offsetBytes, int lengthBytes);

    /// <summary>
    /// The bytes of the range, if the sum that <paramref name="rule"/> describes matches what is stored. On an undecided image this
    /// branches into each combination that matches and one class "does not match".
    /// </summary>
    bool TryReadVerified(long offsetBytes, int lengthBytes, in ChecksumRule rule, out ReadOnlySpan<byte> bytes);
}
