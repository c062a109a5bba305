namespace ExtShell.Format.Checksums;

/// <summary>
/// Where some bits of a sum are stored: two or four bytes of the image that hold the sum's bits from <paramref name="ShiftBits"/> on.
/// </summary>
/// <param name="OffsetBytes">Where in the image.</param>
/// <param name="WidthBytes">2 or 4; 0 where unused.</param>
/// <param name="ShiftBits">The lowest of the sum's bits that is stored there.</param>
/// <param name="IsBigEndian">Whether the field is big-endian (jbd2) or little-endian (ext4).</param>
public readonly record struct StoredBits(long OffsetBytes, int WidthBytes, int ShiftBits, bool IsBigEndian)
{
    /// <summary>The part of the sum that is in <paramref name="field"/>, at its place in the sum.</summary>
    public uint Extract(ReadOnlySpan<byte> field)
    {
        uint value = (WidthBytes, IsBigEndian) switch
        {
            (2, false) => System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(field),
            (2, true) => System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(field),
            (4, false) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(field),
            (4, true) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(field),
            _ => throw new Errors.InvariantException($"a sum is stored in 2 or 4 bytes, not {WidthBytes}"),
        };
        return value << ShiftBits;
    }

    /// <summary>Puts the part of <paramref name="sum"/> that is stored there into <paramref name="field"/>.</summary>
    public void Insert(Span<byte> field, uint sum)
    {
        uint value = sum >> ShiftBits;
        switch (WidthBytes, IsBigEndian)
        {
            case (2, false):
                System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(field, (ushort)value);
                break;
            case (2, true):
                System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)value);
                break;
            case (4, false):
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(field, value);
                break;
            case (4, true):
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(field, value);
                break;
            default:
                throw new Errors.InvariantException($"a sum is stored in 2 or 4 bytes, not {WidthBytes}");
        }
    }

    /// <summary>The bits of the sum that are stored there.</summary>
    public uint Mask => WidthBytes == 0 ? 0 : (WidthBytes == 2 ? 0xFFFFu : 0xFFFFFFFFu) << ShiftBits;
}
