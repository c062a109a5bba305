using System.Buffers.Binary;

namespace ExtShell.Format.OnDisk;

/// <summary>What a device file stands for (<c>st_rdev</c>).</summary>
/// <param name="Major">Which driver: 0 to 4,095.</param>
/// <param name="Minor">Which of its devices: 0 to 1,048,575.</param>
/// <remarks>
/// Kept in <c>i_block</c>: where both are below 256 in its first word, 8 bits each; else in its second: the minor's low 8 bits, 12 bits of
/// major, the minor's other 12 (Linux's "new" encoding).
/// </remarks>
public readonly record struct DeviceNumber(uint Major, uint Minor)
{
    /// <summary>The largest major number.</summary>
    public const uint MaxMajor = 0xFFF;

    /// <summary>The largest minor number.</summary>
    public const uint MaxMinor = 0xFFFFF;

    /// <summary>Reads it from an inode's <c>i_block</c>.</summary>
    public static DeviceNumber Read(ReadOnlySpan<byte> inodeBlock)
    {
        uint small = BinaryPrimitives.ReadUInt32LittleEndian(inodeBlock);
        if (small != 0)
            return new DeviceNumber((small >> 8) & 0xFF, small & 0xFF);
        uint large = BinaryPrimitives.ReadUInt32LittleEndian(inodeBlock[4..]);
        return new DeviceNumber((large >> 8) & MaxMajor, (large & 0xFF) | ((large >> 12) & 0xFFF00));
    }

    /// <summary>Writes it to an inode's <c>i_block</c>.</summary>
    public void Write(Span<byte> inodeBlock)
    {
        bool isSmall = Major < 0x100 && Minor < 0x100;
        uint large = (Minor & 0xFF) | (Major << 8) | ((Minor & 0xFFF00) << 12);
        BinaryPrimitives.WriteUInt32LittleEndian(inodeBlock, isSmall ? (Major << 8) | Minor : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(inodeBlock[4..], isSmall ? 0 : large);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Major}:{Minor}");
}
