namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>What happened to a block device.</summary>
internal enum BlockEventKind
{
    /// <summary>Bytes were written.</summary>
    Write,

    /// <summary>What had been written was made durable.</summary>
    Flush,

    /// <summary>A range was made to read as zeroes.</summary>
    Zeroes,

    /// <summary>Whoever drives the device said where he stands.</summary>
    Mark,
}

/// <summary>One thing that happened to a block device.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="OffsetBytes">Where, for writes and zeroes.</param>
/// <param name="LengthBytes">How long.</param>
/// <param name="Data">The bytes, for writes.</param>
/// <param name="Text">The text, for marks.</param>
internal sealed record BlockEvent(BlockEventKind Kind, long OffsetBytes, long LengthBytes, ReadOnlyMemory<byte> Data, string Text)
{
    public static BlockEvent Write(long offsetBytes, ReadOnlyMemory<byte> data) =>
        new(BlockEventKind.Write, offsetBytes, data.Length, data, "");

    public static BlockEvent Zeroes(long offsetBytes, long lengthBytes) =>
        new(BlockEventKind.Zeroes, offsetBytes, lengthBytes, default, "");

    public static BlockEvent Flush { get; } = new(BlockEventKind.Flush, 0, 0, default, "");

    public static BlockEvent Mark(string text) => new(BlockEventKind.Mark, 0, 0, default, text);

    public long EndBytes => OffsetBytes + LengthBytes;
}
