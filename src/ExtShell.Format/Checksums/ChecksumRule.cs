using System.Runtime.CompilerServices;
using ExtShell.Format.Errors;
using ExtShell.Format.Sources;

namespace ExtShell.Format.Checksums;

/// <summary>
/// How one structure is summed: the kind, the register to begin with (constants such as the volume's seed or a block number are already in
/// it), the stretches that it covers in order, and where the result is stored. The rule reads nothing by itself, so that a source whose
/// bytes are undecided can solve it.
/// </summary>
/// <remarks>
/// The stored sum is the register, masked to the bits that are stored; a rule covers at most <see cref="MostSegments"/> stretches.
/// </remarks>
public struct ChecksumRule
{
    /// <summary>The most stretches that a rule can cover: an inode needs six.</summary>
    public const int MostSegments = 8;

    [InlineArray(MostSegments)]
    private struct SegmentArray
    {
        private ChecksumSegment _first;
    }

    private SegmentArray _segments;

    /// <summary>Begins a rule.</summary>
    /// <param name="kind">The kind of sum.</param>
    /// <param name="register">The register with which the sum begins.</param>
    /// <param name="low">Where the sum, or its low half, is stored.</param>
    /// <param name="high">Where its high half is stored, if it is split.</param>
    public ChecksumRule(ChecksumKind kind, uint register, StoredBits low, StoredBits high = default)
    {
        Kind = kind;
        Register = register;
        Low = low;
        High = high;
    }

    /// <summary>The kind of sum.</summary>
    public ChecksumKind Kind { get; }

    /// <summary>The register with which the sum begins.</summary>
    public uint Register { get; }

    /// <summary>Where the sum, or its low half, is stored.</summary>
    public StoredBits Low { get; }

    /// <summary>Where the high half is stored; its width is 0 if the sum is not split.</summary>
    public StoredBits High { get; }

    /// <summary>How many stretches the sum covers.</summary>
    public int SegmentCount { get; private set; }

    /// <summary>The bits of the register that are stored.</summary>
    public readonly uint Mask => Low.Mask | High.Mask;

    /// <summary>One of the stretches that the sum covers.</summary>
    public readonly ChecksumSegment Segment(int index) => _segments[index];

    /// <summary>Adds bytes of the image.</summary>
    public void AddImage(long offsetBytes, int lengthBytes)
    {
        if (lengthBytes > 0)
            Add(ChecksumSegment.Image(offsetBytes, lengthBytes));
    }

    /// <summary>Adds bytes that count as zero.</summary>
    public void AddZeroes(int lengthBytes)
    {
        if (lengthBytes > 0)
            Add(ChecksumSegment.Zeroes(lengthBytes));
    }

    /// <summary>The sum over decided bytes, masked to what is stored.</summary>
    public readonly uint Compute(IByteSource source)
    {
        uint register = Register;
        for (int i = 0; i < SegmentCount; i++)
        {
            ChecksumSegment segment = _segments[i];
            register = segment.IsZeroes
                ? Checksum.UpdateZeroes(Kind, register, segment.LengthBytes)
                : Checksum.Update(Kind, register, source.Read(segment.OffsetBytes, segment.LengthBytes));
        }

        return register & Mask;
    }

    /// <summary>The sum that is stored, from decided bytes.</summary>
    public readonly uint Stored(IByteSource source)
    {
        uint stored = Low.Extract(source.Read(Low.OffsetBytes, Low.WidthBytes));
        return High.WidthBytes == 0 ? stored : stored | High.Extract(source.Read(High.OffsetBytes, High.WidthBytes));
    }

    /// <summary>Whether the stored sum matches, over decided bytes.</summary>
    public readonly bool Matches(IByteSource source) => Compute(source) == Stored(source);

    /// <summary>
    /// The sum, masked to what is stored, over bytes in memory that stand for the image from <paramref name="baseOffsetBytes"/> on.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rule covers bytes that are not among them.</exception>
    public readonly uint Compute(ReadOnlySpan<byte> bytes, long baseOffsetBytes)
    {
        uint register = Register;
        for (int i = 0; i < SegmentCount; i++)
        {
            ChecksumSegment segment = _segments[i];
            register = segment.IsZeroes
                ? Checksum.UpdateZeroes(Kind, register, segment.LengthBytes)
                : Checksum.Update(Kind, register, bytes.Slice(checked((int)(segment.OffsetBytes - baseOffsetBytes)), segment.LengthBytes));
        }

        return register & Mask;
    }

    /// <summary>The sum that is stored among bytes in memory that stand for the image from <paramref name="baseOffsetBytes"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is stored elsewhere, as a bitmap's is.</exception>
    public readonly uint Stored(ReadOnlySpan<byte> bytes, long baseOffsetBytes)
    {
        uint stored = Low.Extract(bytes.Slice(checked((int)(Low.OffsetBytes - baseOffsetBytes)), Low.WidthBytes));
        return High.WidthBytes == 0
            ? stored
            : stored | High.Extract(bytes.Slice(checked((int)(High.OffsetBytes - baseOffsetBytes)), High.WidthBytes));
    }

    /// <summary>
    /// Whether the stored sum matches, over bytes in memory that stand for the image from <paramref name="baseOffsetBytes"/> on.
    /// </summary>
    public readonly bool Matches(ReadOnlySpan<byte> bytes, long baseOffsetBytes) =>
        Compute(bytes, baseOffsetBytes) == Stored(bytes, baseOffsetBytes);

    /// <summary>
    /// Computes the sum and stores it, all in bytes in memory that stand for the image from <paramref name="baseOffsetBytes"/> on.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is stored elsewhere, as a bitmap's is.</exception>
    public readonly void Store(Span<byte> bytes, long baseOffsetBytes)
    {
        uint sum = Compute(bytes, baseOffsetBytes);
        Low.Insert(bytes.Slice(checked((int)(Low.OffsetBytes - baseOffsetBytes)), Low.WidthBytes), sum);
        if (High.WidthBytes != 0)
            High.Insert(bytes.Slice(checked((int)(High.OffsetBytes - baseOffsetBytes)), High.WidthBytes), sum);
    }

    private void Add(ChecksumSegment segment)
    {
        InvariantException.Require(SegmentCount < MostSegments, "a checksum rule has room for its stretches");
        _segments[SegmentCount++] = segment;
    }
}
