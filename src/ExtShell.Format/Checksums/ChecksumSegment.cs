namespace ExtShell.Format.Checksums;

/// <summary>A stretch of what a sum covers: bytes of the image, or zeroes that stand for a field that the sum leaves out.</summary>
/// <param name="OffsetBytes">Where in the image; meaningless for zeroes.</param>
/// <param name="LengthBytes">How many bytes.</param>
/// <param name="IsZeroes">Whether the sum takes zeroes in place of the image's bytes.</param>
public readonly record struct ChecksumSegment(long OffsetBytes, int LengthBytes, bool IsZeroes)
{
    /// <summary>Bytes of the image.</summary>
    public static ChecksumSegment Image(long offsetBytes, int lengthBytes) => new(offsetBytes, lengthBytes, false);

    /// <summary>Bytes that count as zero.</summary>
    public static ChecksumSegment Zeroes(int lengthBytes) => new(0, lengthBytes, true);
}
