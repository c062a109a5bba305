using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scenarios;

/// <summary>What the runs of one scenario have in common, one after the other: the bytes that its operations write, and an arena.</summary>
/// <param name="arena">Where a run's memory comes from; null: from the runtime.</param>
internal sealed class RunMemory(ByteArena? arena = null)
{
    private const long MostKeptBytes = 4 << 20;
    private readonly Dictionary<Operation, byte[]> _written = new(ReferenceEqualityComparer.Instance);
    private long _keptBytes;

    /// <summary>Where a run's memory comes from; null: from the runtime.</summary>
    public ByteArena? Arena => arena;

    /// <summary>What an operation writes; never to be changed.</summary>
    public byte[] WrittenBy(Operation operation)
    {
        if (operation.Payload is not { } payload)
            return [];
        if (_written.TryGetValue(operation, out byte[]? bytes))
            return bytes;
        bytes = payload.Bytes(operation.OffsetBytes, checked((int)operation.LengthBytes));
        if (_keptBytes + bytes.Length <= MostKeptBytes)
        {
            _keptBytes += bytes.Length;
            _written.Add(operation, bytes);
        }

        return bytes;
    }

    /// <summary>Bytes to read into.</summary>
    public byte[] Take(long lengthBytes) => arena is null ? new byte[lengthBytes] : arena.Take(checked((int)lengthBytes));
}
