using ExtShell.Format.Checksums;

namespace ExtShell.Format.Sources;

/// <summary>A decided image in one array: for tests, for single blocks, and for what is small.</summary>
public sealed class MemorySource : IRecoverySource
{
    private readonly Memory<byte> _bytes;

    /// <summary>Wraps <paramref name="bytes"/>; writes go to them.</summary>
    public MemorySource(Memory<byte> bytes) => _bytes = bytes;

    /// <inheritdoc/>
    public long LengthBytes => _bytes.Length;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes) => _bytes.Span.Slice(checked((int)offsetBytes), lengthBytes);

    /// <inheritdoc/>
    public bool IsDecided(long offsetBytes, int lengthBytes) => true;

    /// <inheritdoc/>
    public bool TryReadVerified(long offsetBytes, int lengthBytes, in ChecksumRule rule, out ReadOnlySpan<byte> bytes)
    {
        bytes = Read(offsetBytes, lengthBytes);
        return rule.Matches(this);
    }

    /// <inheritdoc/>
    public void Copy(long fromBytes, long toBytes, int lengthBytes) => Write(toBytes, Read(fromBytes, lengthBytes));

    /// <inheritdoc/>
    public void Patch(long offsetBytes, ReadOnlySpan<byte> bytes) => Write(offsetBytes, bytes);

    /// <inheritdoc/>
    public void Write(long offsetBytes, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_bytes.Span[checked((int)offsetBytes)..]);
}
