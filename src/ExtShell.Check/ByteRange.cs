namespace ExtShell.Check;

/// <summary>A range of the image.</summary>
/// <param name="OffsetBytes">Where it begins.</param>
/// <param name="LengthBytes">How long it is.</param>
public readonly record struct ByteRange(long OffsetBytes, long LengthBytes)
{
    /// <summary>The first byte behind it.</summary>
    public long EndBytes => OffsetBytes + LengthBytes;
}
