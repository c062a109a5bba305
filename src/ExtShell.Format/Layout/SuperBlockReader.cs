using System.Runtime.InteropServices;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Format.Layout;

/// <summary>
/// Reads a superblock and answers only one that is an ext superblock and whose checksum, if the volume has them, matches.
/// </summary>
public static class SuperBlockReader
{
    /// <summary>A copy of the superblock at <paramref name="offsetBytes"/>.</summary>
    /// <exception cref="CorruptionException">The image is too short, the magic is another, or the checksum does not match.</exception>
    public static SuperBlock Read(IByteSource source, long offsetBytes = SuperBlock.OffsetBytes)
    {
        if (offsetBytes < 0 || source.LengthBytes < SuperBlock.SizeBytes || offsetBytes > source.LengthBytes - SuperBlock.SizeBytes)
            throw Wrong(offsetBytes, "the image's length", $"at least {offsetBytes + SuperBlock.SizeBytes}", $"{source.LengthBytes}");

        SuperBlock superBlock = MemoryMarshal.Read<SuperBlock>(source.Read(offsetBytes, SuperBlock.SizeBytes));
        if (superBlock.Magic.Value != SuperBlock.ExpectedMagic)
            throw Wrong(offsetBytes, "s_magic", $"0x{SuperBlock.ExpectedMagic:X4}", $"0x{superBlock.Magic.Value:X4}");
        if (!superBlock.Has(ReadOnlyCompatibleFeatures.MetadataChecksum))
            return superBlock;

        if (superBlock.ChecksumType != SuperBlock.ChecksumTypeCrc32C)
            throw Wrong(offsetBytes, "s_checksum_type", $"{SuperBlock.ChecksumTypeCrc32C}", $"{superBlock.ChecksumType}");
        ChecksumRule rule = Ext4Checksums.SuperBlock(offsetBytes);
        if (!source.TryReadVerified(offsetBytes, SuperBlock.SizeBytes, rule, out ReadOnlySpan<byte> verified))
            throw Wrong(offsetBytes, "s_checksum", "the sum of the superblock", $"0x{superBlock.Checksum.Value:X8}");
        return MemoryMarshal.Read<SuperBlock>(verified);
    }

    private static CorruptionException Wrong(long offsetBytes, string field, string expected, string found) =>
        new(offsetBytes, "superblock", field, expected, found);
}
