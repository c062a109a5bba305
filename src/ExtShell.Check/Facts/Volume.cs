using ExtShell.Format.Checksums;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Check.Facts;

/// <summary>An image and what its superblock says of it: what every reader of local facts needs.</summary>
internal sealed class Volume(IByteSource source, VolumeGeometry geometry, in SuperBlock superBlock)
{
    private readonly SuperBlock _superBlock = superBlock;

    public IByteSource Source { get; } = source;

    public VolumeGeometry Geometry { get; } = geometry;

    public ref readonly SuperBlock SuperBlock => ref _superBlock;

    public int BlockSizeBytes { get; } = geometry.BlockSizeBytes;

    public bool HasMetadataChecksum { get; } = geometry.HasMetadataChecksum;

    /// <summary>Whether groups may be uninitialised: only where their descriptors have sums.</summary>
    public bool HasUninitializedGroups { get; } = geometry.HasMetadataChecksum || geometry.HasGroupDescriptorChecksum;

    public bool HasExtents { get; } = superBlock.Has(IncompatibleFeatures.Extents);

    public bool HasInlineData { get; } = superBlock.Has(IncompatibleFeatures.InlineData);

    public bool HasDirectoryIndex { get; } = superBlock.Has(CompatibleFeatures.DirectoryIndex);

    public bool HasAttributes { get; } = superBlock.Has(CompatibleFeatures.ExtendedAttributes);

    public bool HasLargeFile { get; } = superBlock.Has(ReadOnlyCompatibleFeatures.LargeFile);

    /// <summary>Whether clusters are blocks, so that bitmaps can be compared with claims block by block.</summary>
    public bool HasSimpleBitmaps { get; } = geometry.ClusterRatio == 1;

    /// <summary>
    /// The bytes of the range if their sum matches. The rule is handed on by value: the source's own signature would tie the bytes to where
    /// the rule stands.
    /// </summary>
    public bool TryReadVerified(long offsetBytes, int lengthBytes, ChecksumRule rule, out ReadOnlySpan<byte> bytes)
    {
        bool isVerified = Source.TryReadVerified(offsetBytes, lengthBytes, rule, out _);
        bytes = isVerified ? Source.Read(offsetBytes, lengthBytes) : default;
        return isVerified;
    }

    public ReadOnlySpan<byte> ReadBlock(long block) => Source.Read(Geometry.BlockOffsetBytes(block), BlockSizeBytes);
}
